"""The world as one stream."""

import itertools
from collections import Counter
from collections.abc import Iterator

from simulator.hospitals import BY_ID
from simulator.lives import Chapter
from simulator.message import Message
from simulator.world import World, joining_ms, merge, stream
from tests.simulator.reading import SPAN, WORLD, event_of, history, kind, until

TOLD = history()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_world() -> None:
    again = until(SPAN.live_from_ms, stream(WORLD))
    assert all(left == right for left, right in zip(TOLD, again, strict=True))
    other = {message.value for message in itertools.islice(stream(WORLD._replace(seed=8)), 500)}
    assert not other & {message.value for message in TOLD}


def test_messages_come_in_order_of_time_within_the_history() -> None:
    times = [message.at_ms for message in TOLD]
    assert times == sorted(times)
    assert times[0] >= SPAN.start_ms


def test_every_message_is_an_event_of_its_account_with_positive_amounts() -> None:
    for message in TOLD:
        event = event_of(message)
        assert message.key == event.data.credit_reference.encode()
        assert getattr(event.data, "amount", 1) > 0


def test_no_id_is_used_twice() -> None:
    assert max(Counter(event_of(message).id for message in TOLD).values()) == 1


def test_it_holds_everything_that_credit_does() -> None:
    counted = Counter(kind(message) for message in TOLD)
    assert set(counted) >= {
        "consent.changed",
        "mandate.granted",
        "balance.opened",
        "plan.opened",
        "payment.initiated",
        "payment.canceled",
        "deposit.received",
        "remittance.advised",
    }
    assert counted["mandate.granted"] == WORLD.accounts
    assert counted["payment.initiated"] > 2 * WORLD.accounts


def test_a_hospital_has_no_patients_before_it_joins() -> None:
    for message in TOLD:
        hospital_id = getattr(event_of(message).data, "hospital_id", "")
        if hospital_id:
            assert message.at_ms >= joining_ms(WORLD, BY_ID[hospital_id]) - 24 * 3_600_000


def test_more_patients_only_add_their_own_lives() -> None:
    few = {message.value for message in TOLD}
    more = {message.value for message in until(SPAN.live_from_ms, stream(WORLD._replace(accounts=WORLD.accounts + 5)))}
    assert few < more


def test_a_chapter_is_asked_for_only_when_the_one_before_has_begun() -> None:
    asked: list[int] = []

    def source(name: int) -> Iterator[Chapter]:
        for start in (10, 20, 30):
            asked.append(start)
            yield Chapter(start, [Message(start + name, "t", b"k", b"v")])

    merged = merge([source(1), source(2)])
    assert [next(merged).at_ms for _ in range(2)] == [11, 12]
    assert 30 not in asked
    assert [message.at_ms for message in merged] == [21, 22, 31, 32]


def test_a_world_of_one_account_is_a_world() -> None:
    assert sum(kind(message) == "mandate.granted" for message in until(SPAN.live_from_ms, stream(World(3, 1, SPAN)))) == 1
