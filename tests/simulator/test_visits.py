"""Visits in real time."""

from collections import Counter

from simulator.visits import EVENTS_OF_FIRST_VISIT, EVENTS_OF_VISIT, visit
from tests.simulator.reading import SPAN, event_of, kind

AT_MS = SPAN.live_from_ms
POOL = 400


def test_a_visit_is_the_same_every_time_and_lasts_minutes() -> None:
    for number in range(200):
        story = visit(7, POOL, number, AT_MS)
        assert story == visit(7, POOL, number, AT_MS)
        assert [message.at_ms for message in story] == sorted(message.at_ms for message in story)
        assert story[0].at_ms >= AT_MS
        assert story[-1].at_ms < AT_MS + 5 * 60_000


def test_patients_sign_on_their_first_visit_only_and_come_back_with_new_bills() -> None:
    first, again = visit(7, POOL, 3, AT_MS), visit(7, POOL, 3 + POOL, AT_MS)
    assert "mandate.granted" in {kind(message) for message in first}
    assert "mandate.granted" not in {kind(message) for message in again}
    assert first[0].key == again[0].key
    assert not {event_of(message).id for message in first} & {event_of(message).id for message in again}


def test_visits_have_about_the_number_of_events_that_the_rate_counts_with() -> None:
    for numbers, expected in ((range(POOL), EVENTS_OF_FIRST_VISIT), (range(POOL, 3 * POOL), EVENTS_OF_VISIT)):
        stories = [visit(7, POOL, number, AT_MS) for number in numbers]
        told = sum(len(story) + 2 * sum(message.entry is not None for message in story) for story in stories)
        assert 0.75 < told / len(stories) / expected < 1.25, told / len(stories)


def test_all_kinds_of_visits_happen() -> None:
    counted = Counter(kind(message) for number in range(300) for message in visit(7, POOL, number, AT_MS))
    assert min(counted[name] for name in ("payment.initiated", "balance.opened", "plan.opened", "deposit.received")) > 20
