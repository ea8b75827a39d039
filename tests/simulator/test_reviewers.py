"""People who review held payments."""

from datetime import date

from ach.calendar import is_banking_day
from ach.zone import to_new_york
from ledger import events
from simulator import hours
from simulator.reviewers import review
from tests.simulator.reading import event_of

HELD_MS = hours.instant(date(2026, 5, 9), 15)  # a Saturday


def test_a_review_takes_place_in_office_hours_and_mostly_approves() -> None:
    verdicts = []
    for number in range(400):
        sent = review(7, "CR-1", f"t-{number}", HELD_MS + number * hours.HOUR_MS, live=False)
        event = event_of(sent)
        assert isinstance(event, events.PaymentReviewed)
        local = to_new_york(sent.at_ms)
        assert is_banking_day(local.date())
        assert 8 <= local.hour < 18
        assert sent.at_ms > HELD_MS + number * hours.HOUR_MS
        verdicts.append(event.data.verdict)
    assert 320 < verdicts.count("approve") < 370


def test_while_people_watch_it_takes_at_most_two_minutes() -> None:
    for number in range(50):
        assert HELD_MS < review(7, "CR-1", f"t-{number}", HELD_MS, live=True).at_ms <= HELD_MS + 120_000


def test_the_same_payment_is_reviewed_the_same_way() -> None:
    assert review(7, "CR-1", "t-1", HELD_MS, live=False) == review(7, "CR-1", "t-1", HELD_MS, live=False)


def test_what_no_authorization_covers_is_declined() -> None:
    for reason in ("RETURNED_R10", "MANDATE_REVOKED"):
        for number in range(20):
            event = event_of(review(7, "CR-1", f"t-{number}", HELD_MS, live=False, reason=reason))
            assert isinstance(event, events.PaymentReviewed)
            assert event.data.verdict == "decline"
