"""The world with its bank, unasked."""

from collections import Counter

from ledger.wire import Unreadable, decode_account
from simulator.noise import QUIET
from simulator.standalone import clocked, events
from tests.simulator.reading import SPAN, WORLD, kind, until

TOLD = list(until(SPAN.live_from_ms, events(WORLD, QUIET)))


def test_every_payment_that_is_not_withdrawn_is_submitted_and_then_ends() -> None:
    entries = {message.entry.transaction_id for message in TOLD if message.entry}
    words: dict[str, list[str]] = {}
    for message in TOLD:
        if message.topic == "bank.settlements.v1" and kind(message).startswith("payment."):
            event = decode_account(message.value)
            assert not isinstance(event, Unreadable)
            words.setdefault(event.data.transaction_id, []).append(kind(message))  # type: ignore[union-attr]
    assert set(words) <= entries
    assert all(told[0] == "payment.submitted" for told in words.values())
    assert sum(len(told) > 1 for told in words.values()) > 0.95 * len(entries)


def test_with_faults_it_is_still_the_same_every_time_and_in_order() -> None:
    first, again = (list(until(SPAN.live_from_ms, events(WORLD))) for _ in range(2))
    assert first == again
    assert [message.at_ms for message in first] == sorted(message.at_ms for message in first)
    unreadable = Counter(type(decode_account(message.value)) is Unreadable for message in first)
    assert 0 < unreadable[True] < 0.005 * len(first)


def test_the_clock_ticks_every_hour_of_the_history_and_ends_with_it() -> None:
    told = list(clocked(events(WORLD, QUIET), SPAN, 2))
    ticks = [message for message in told if message.topic == "hms.clock.v1"]
    assert len(ticks) == 2 * ((SPAN.live_from_ms - SPAN.start_ms) // 3_600_000)
    assert [message.at_ms for message in told] == sorted(message.at_ms for message in told)
    assert told[-1].at_ms <= SPAN.live_from_ms
    assert len(told) - len(ticks) == len(TOLD)
