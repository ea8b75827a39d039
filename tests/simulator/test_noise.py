"""Faults in the stream."""

from collections import Counter

import pytest

from ledger.wire import EVENT_BYTES_MAX, BadInput, Unreadable, decode_account, epoch_ms
from simulator.message import Message
from simulator.noise import QUIET, USUAL, Rates, disturb
from tests.simulator.reading import event_of, history

CLEAN = list(history())
ALWAYS = 1_000_000


def disturbed(**rates: int) -> list[Message]:
    """The clean messages with one kind of fault in every message."""
    return list(disturb("test", CLEAN[:300], QUIET._replace(**rates)))


def added(messages: list[Message]) -> list[Message]:
    """What is in there beyond the clean messages."""
    left = Counter((message.key, message.value) for message in CLEAN[:300])
    extra = []
    for message in messages:
        if left[message.key, message.value]:
            left[message.key, message.value] -= 1
        else:
            extra.append(message)
    assert not +left, "nothing is lost"
    return extra


def test_without_faults_nothing_changes() -> None:
    assert list(disturb("test", CLEAN, QUIET)) == CLEAN


def test_usual_faults_are_few_repeatable_and_lose_nothing() -> None:
    first, again = (list(disturb("test", CLEAN, USUAL)) for _ in range(2))
    assert first == again
    assert 0 < len(first) - len(CLEAN) < 0.02 * len(CLEAN)
    kept = Counter(message.value for message in first)
    assert all(kept[message.value] >= 1 for message in CLEAN)
    assert [message.at_ms for message in first] == sorted(message.at_ms for message in first)


def test_late_messages_keep_their_event_time() -> None:
    late = disturbed(late=ALWAYS)
    assert not added(late)
    assert all(message.at_ms > epoch_ms(event_of(message).time) for message in late)
    assert max(message.at_ms - epoch_ms(event_of(message).time) for message in late) > 3_600_000


def test_repeats_are_the_same_bytes_and_contradictions_the_same_id_with_other_content() -> None:
    assert {message.value for message in added(disturbed(repeated=ALWAYS))} <= {message.value for message in CLEAN}
    clean = {event_of(message).id: event_of(message) for message in CLEAN}
    other = [event_of(message) for message in added(disturbed(contradicted=ALWAYS))]
    assert {event.id for event in other} <= set(clean)
    changed = [event for event in other if event != clean[event.id]]
    assert changed
    assert all(event.data.amount != clean[event.id].data.amount for event in changed)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        ("broken", {BadInput.MALFORMED_JSON, BadInput.EMPTY}),
        ("unknown_type", {BadInput.UNKNOWN_TYPE}),
        ("oversize", {BadInput.OVERSIZE}),
    ],
)
def test_poison_cannot_be_read_for_the_reason_it_was_made_for(fault: str, codes: set[BadInput]) -> None:
    poison = added(disturbed(**{fault: ALWAYS}))
    answers = [decode_account(message.value) for message in poison]
    assert {answer.code for answer in answers if isinstance(answer, Unreadable)} == codes
    assert len(poison) == 300
    assert all(message.entry is None for message in poison)


def test_keys_are_wrong_or_missing_while_the_event_is_sound() -> None:
    wrong, missing = added(disturbed(wrong_key=ALWAYS)), added(disturbed(missing_key=ALWAYS))
    assert all(message.key not in (None, event_of(message).data.credit_reference.encode()) for message in wrong)
    assert all(message.key is None and message.partition == 0 for message in missing)


def test_events_from_the_future_are_years_ahead() -> None:
    for message in added(disturbed(from_the_future=ALWAYS)):
        assert epoch_ms(event_of(message).time) > message.at_ms + 3_000 * 86_400_000


def test_dead_letters_stay_far_below_the_limit_that_stops_a_worker() -> None:
    poison = USUAL.broken + USUAL.unknown_type + USUAL.wrong_key + USUAL.missing_key + USUAL.oversize
    assert poison / 1_000_000 * 10_000 < 100, "the limit is 1,000 in 10,000"
    assert Rates() == USUAL
    assert EVENT_BYTES_MAX < 1_000_000
