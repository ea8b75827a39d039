"""One patient's life."""

from itertools import islice

from ledger import events
from simulator.lives import Chapter, life
from simulator.patients import patient
from tests.simulator.reading import SPAN, event_of


def chapters(index: int, count: int = 25) -> list[Chapter]:
    """The beginning of a life."""
    return list(islice(life(7, patient(7, index), SPAN.start_ms), count))


def test_a_life_is_the_same_every_time() -> None:
    assert chapters(3) == chapters(3) != chapters(4)


def test_no_message_precedes_the_start_of_its_chapter_and_starts_are_in_order() -> None:
    for index in range(60):
        told = chapters(index)
        assert [chapter.starts_ms for chapter in told] == sorted(chapter.starts_ms for chapter in told)
        assert all(message.at_ms >= chapter.starts_ms for chapter in told for message in chapter.messages)


def test_first_the_patient_signs_then_owes_and_only_then_pays() -> None:
    for index in range(40):
        told = sorted((message for chapter in chapters(index) for message in chapter.messages), key=lambda message: message.at_ms)
        kinds = [type(event_of(message)) for message in told]
        owes = min(kinds.index(kind) for kind in (events.BalanceOpened, events.PlanOpened) if kind in kinds)
        repayments = [
            place
            for place, message in enumerate(told)
            if isinstance(event := event_of(message), events.PaymentInitiated) and event.data.direction == "repayment"
        ]
        assert kinds.index(events.MandateGranted) < owes
        assert all(place > owes for place in repayments)


def test_most_people_consent_to_payments_and_some_not_to_messages() -> None:
    answers = [
        event.data
        for index in range(400)
        for message in chapters(index, 1)[0].messages
        if isinstance(event := event_of(message), events.ConsentChanged)
    ]
    granted = {purpose: sum(data.granted for data in answers if data.purpose == purpose) for purpose in ("payments", "sms", "email")}
    assert granted["payments"] > 385
    assert 280 < granted["sms"] < 345
    assert 315 < granted["email"] < 372
