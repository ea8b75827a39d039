"""The engine on Kafka in memory: a process that dies between any two records loses nothing and does nothing twice."""

from collections.abc import Sequence
from itertools import accumulate

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from journal import topics
from journal.settings import Settings
from ledger import events
from ledger.effects import DeadLettered, Moved
from ledger.record import Entry, Link
from ledger.wire import encode_event
from streams.poster import Poster
from tests.ledger.histories import HISTORY, Step, told
from tests.streams.memory import DiedError, Memory, Process
from tests.streams.messages import cloud_event, initiated, message

POSTER = Poster(Settings(partitions=1), bytes)
EVERY_RECORD = 0
"""checkpoints behind every batch"""
SOURCES = {
    events.PaymentSubmitted: 1,
    events.PaymentSettled: 1,
    events.PaymentReturned: 1,
    events.PaymentFailed: 1,
    events.DepositReceived: 1,
    events.RemittanceAdvised: 1,
    events.PaymentReviewed: 2,
    events.Tick: 3,
}


def small(checkpoint_ms: int = 1_000_000, record_bytes: int = 900) -> Settings:
    """Records of two or three entries, far below what a setting may be."""
    return Settings(partitions=1).model_copy(update={"record_bytes_max": record_bytes, "checkpoint_interval_ms": checkpoint_ms})


def filled(history: Sequence[Step]) -> tuple[Memory, list[tuple[int, int]]]:
    """Topics with a history's events, and the order in which they are fetched."""
    memory, order = Memory(), []
    memory.inputs = {source: [] for source in range(4)}
    for event, position in told(history):
        source = SOURCES.get(type(event), 0)
        offset = len(memory.inputs[source])
        if isinstance(event, events.Tick):
            key, value = b"clock", cloud_event("tick.v1", {}, event.id, event.time.isoformat())
        else:
            key, value = event.data.credit_reference.encode(), encode_event(event).encode()  # type: ignore[union-attr, arg-type]
        topic, appended_ms = topics.INPUTS[source], position.appended_ms
        memory.inputs[source].append(message(value, key=key, topic=topic, offset=offset, appended_ms=appended_ms))
        order.append((source, offset))
    return memory, order


def entries(memory: Memory) -> list[Entry]:
    """All entries of the journal, which must be one chain."""
    found: list[Entry] = []
    link = Link()
    for value in memory.journal:
        record = POSTER.decode_record(value)
        assert link.accepts(record.sequence, record.previous)
        link = link.after(value)
        found += record.entries
    return found


def state(process: Process) -> dict[str, bytes]:
    """Every account as it would stand in a checkpoint."""
    return {name: msgspec.json.encode(account) for name, account in process.log.state.accounts.items()}


def by_place(found: Sequence[Entry]) -> dict[tuple[int, int, str], list[object]]:
    """What each event brought about in each account; a tick may have several entries there."""
    places: dict[tuple[int, int, str], list[object]] = {}
    for entry in found:
        places.setdefault((entry.source, entry.offset, entry.account), []).append((entry.event_id, entry.at_ms, entry.effects))
    return places


@given(HISTORY, st.integers(0, 40), st.integers(1, 12), st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_process_that_dies_between_two_records_loses_nothing_and_repeats_nothing(
    history: list[Step], records: int, batch_events: int, checkpoints: bool
) -> None:
    whole, order = filled(history)
    reference = Process(small(), POSTER, whole)
    reference.run(order, 7)

    memory, _ = filled(history)
    options = small(EVERY_RECORD) if checkpoints else small()
    memory.die_at = records
    died = Process(options, POSTER, memory)
    try:
        died.run(order, batch_events)
    except DiedError:
        assert len(memory.journal) == records
    memory.die_at = -1
    after = Process(options, POSTER, memory)
    after.run(order, batch_events)

    assert state(after) == state(reference)
    assert by_place(entries(memory)) == by_place(entries(whole))
    ordinals: dict[tuple[int, int], int] = {}
    for entry in entries(memory):
        place = entry.source, entry.offset
        assert entry.ordinal == ordinals.get(place, 0)
        ordinals[place] = entry.ordinal + len(entry.effects)

    rebuilt = Process(options, POSTER, memory)
    assert state(rebuilt) == state(after)
    assert rebuilt.log.link == after.log.link
    memory.checkpoints.clear()
    assert state(Process(options, POSTER, memory)) == state(after)


def test_records_stay_below_the_limit_and_hold_every_event_once() -> None:
    memory = Memory()
    memory.inputs = {0: [message(initiated(f"CR-{n}", f"T{n}"), key=f"CR-{n}".encode(), offset=n) for n in range(50)]}
    process = Process(small(record_bytes=5_000), POSTER, memory)
    process.run([(0, n) for n in range(50)], 50)
    assert len(memory.journal) > 3
    assert all(len(value) < 5_000 + 500 for value in memory.journal)
    assert [entry.offset for entry in entries(memory)] == list(range(50))
    assert process.log.next == [50, -1, -1, -1]
    assert process.log.journal_end == len(memory.journal)


def test_messages_at_or_below_the_position_are_passed_over() -> None:
    memory = Memory()
    memory.inputs = {0: [message(initiated(transaction=f"T{n}"), offset=n) for n in range(3)]}
    process = Process(small(), POSTER, memory)
    process.run([(0, 0), (0, 1), (0, 0), (0, 2), (0, 1)], 5)
    assert [entry.offset for entry in entries(memory)] == [0, 1, 2]


def test_dead_letters_are_written_and_journalled_and_the_stream_goes_on() -> None:
    memory = Memory()
    values = [initiated(), b"\xff", None, initiated(transaction="T2")]
    memory.inputs = {0: [message(value, offset=n) for n, value in enumerate(values)]}
    Process(small(record_bytes=100_000), POSTER, memory).run([(0, n) for n in range(4)], 4)
    assert memory.letters == [(b"CR-1", b"\xff"), (b"CR-1", None)]
    found = entries(memory)
    assert [entry.offset for entry in found] == [0, 1, 2, 3]
    assert [effect.code for entry in found for effect in entry.effects if isinstance(effect, DeadLettered)] == ["MALFORMED_JSON", "EMPTY"]
    assert len(memory.journal) == 1


def test_dead_letters_are_there_before_the_journal_says_so() -> None:
    memory = Memory()
    memory.inputs = {0: [message(b"\xff")]}
    memory.die_at = 0
    process = Process(small(), POSTER, memory)
    try:
        process.run([(0, 0)], 1)
    except DiedError:
        assert memory.letters == [(b"CR-1", b"\xff")]
    assert memory.journal == []


def test_a_tick_over_many_accounts_spreads_over_records_and_is_finished_by_the_next_process() -> None:
    accounts = 40
    holds = [message(initiated(f"CR-{n}", f"T{n}"), key=f"CR-{n}".encode(), offset=n) for n in range(accounts)]
    later = cloud_event("tick.v1", {}, "tick", "2026-03-10T10:00:00Z")
    tick = message(later, key=b"clock", topic=topics.CLOCK, appended_ms=1_773_136_800_000)
    memory = Memory()
    memory.inputs = {0: holds, 3: [tick]}
    order = [*((0, n) for n in range(accounts)), (3, 0)]
    first = Process(small(), POSTER, memory)
    first.run(order[:-1], accounts)
    before = len(memory.journal)
    memory.die_at = before + 5
    try:
        first.run(order, 1)
    except DiedError:
        assert len(memory.journal) == before + 5
    halfway = POSTER.decode_record(memory.journal[-1])
    assert halfway.next[3] == 0
    assert halfway.done > 0

    memory.die_at = -1
    second = Process(small(), POSTER, memory)
    assert second.log.done == halfway.done
    more = message(initiated("CR-0", "T99", direction="repayment"), key=b"CR-0", offset=accounts)
    memory.inputs[0].append(more)
    second.run([(0, accounts)], 1)
    assert POSTER.decode_record(memory.journal[-1]).done == halfway.done
    third = Process(small(), POSTER, memory)
    third.run([*order, (0, accounts)], 1)

    ticked = [entry for entry in entries(memory) if entry.source == 3]
    expired = [entry for entry in ticked if type(entry.effects[0]) is Moved]
    assert sorted(entry.account for entry in expired) == sorted(f"CR-{n}" for n in range(accounts))
    assert [entry.ordinal for entry in ticked] == list(accumulate([len(entry.effects) for entry in ticked[:-1]], initial=0))
    assert [entry.account for entry in ticked if entry not in expired] == ["CR-0"]  # T99 is held, and waits too long for a person
    assert third.log.next[3] == 1
    assert third.log.done == 0
