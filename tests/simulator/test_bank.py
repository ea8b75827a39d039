"""What becomes of an entry, and when."""

from datetime import date

import pytest

from ach.calendar import add_banking_days, banking_days_between, is_banking_day
from ach.codes import Window, return_code
from ledger import events
from simulator import hours
from simulator.bank import Bank, hospital_of
from simulator.message import Entry, Message, iso
from simulator.outcomes import DEBIT_RETURNS, SETTLED, Outcome
from tests.simulator.reading import SPAN, event_of, kind

WEDNESDAY = date(2026, 5, 6)


def entry(at_ms: int, number: int = 1, attempt: int = 1) -> Entry:
    """A debit of $312.50."""
    return Entry("CR-1", f"t-{number}", attempt, "debit", 31_250, "H03", at_ms)


def scripted(outcome: Outcome, at_ms: int, number: int = 1) -> list[Message]:
    """The answers of a bank that is told the outcome."""
    return Bank(7, SPAN, {(f"t-{number}", 1): outcome}).answers(entry(at_ms, number))


def test_a_prenote_is_taken_and_nothing_settles() -> None:
    [message] = Bank(7, SPAN).answers(Entry("CR-1", "t-1", 0, "debit", 0, "H03", hours.instant(WEDNESDAY, 9)))
    event = event_of(message)
    assert isinstance(event, events.PaymentSubmitted)
    assert event.data.prenote


ENTERED = """
entered (New York)  | file leaves         | settles
2026-05-06 09:00    | 2026-05-06 10:30    | 2026-05-07 08:30
2026-05-06 12:00    | 2026-05-06 14:45    | 2026-05-07 08:30
2026-05-06 16:00    | 2026-05-06 16:45    | 2026-05-07 08:30
2026-05-06 21:00    | 2026-05-07 10:30    | 2026-05-08 08:30
2026-05-08 20:00    | 2026-05-11 10:30    | 2026-05-12 08:30
2026-05-09 12:00    | 2026-05-11 10:30    | 2026-05-12 08:30
2026-05-22 17:00    | 2026-05-26 10:30    | 2026-05-27 08:30
"""  # 2026-05-25 is Memorial Day


@pytest.mark.parametrize("line", ENTERED.strip().splitlines()[1:])
def test_entries_leave_with_the_next_file_and_settle_on_the_next_banking_morning(line: str) -> None:
    entered, leaves, settles = (_instant(cell.strip()) for cell in line.split("|"))
    submitted, settled = scripted(SETTLED, entered)
    assert leaves <= submitted.at_ms < leaves + 10 * hours.MINUTE_MS
    assert settles <= settled.at_ms < settles + 30 * hours.MINUTE_MS
    event = event_of(settled)
    assert isinstance(event, events.PaymentSettled)
    assert event.data.settlement_date == hours.day_of(settles)


@pytest.mark.parametrize("code", sorted(DEBIT_RETURNS))
def test_returns_come_within_nachas_time_frame_of_their_code(code: str) -> None:
    window = return_code(code).window
    for number in range(60):
        answers = scripted(Outcome(code), hours.instant(WEDNESDAY, 9), number)
        returned = event_of(answers[-1])
        assert isinstance(returned, events.PaymentReturned)
        assert returned.data.return_code == code
        assert is_banking_day(returned.data.return_date)
        settlement = add_banking_days(WEDNESDAY, 1)
        if window is Window.SIXTY_DAYS:
            assert 2 < (returned.data.return_date - settlement).days <= 62
            assert kind(answers[-2]) == "payment.settled", "an unauthorized debit has settled before"
        else:
            assert banking_days_between(settlement, returned.data.return_date) <= 2


def test_a_return_for_funds_comes_mostly_after_the_settlement_and_sometimes_instead_of_it() -> None:
    answers = [scripted(Outcome("R01"), hours.instant(WEDNESDAY, 9), number) for number in range(300)]
    assert 180 < sum(len(told) == 3 for told in answers) < 240


def test_the_answers_are_the_same_whenever_the_bank_is_asked() -> None:
    at_ms = hours.instant(WEDNESDAY, 9)
    assert Bank(7, SPAN).answers(entry(at_ms)) == Bank(7, SPAN).answers(entry(at_ms))
    ours, theirs = (Bank(seed, SPAN).answers(entry(at_ms)) for seed in (7, 8))
    assert ours != theirs


def test_every_attempt_has_its_own_ids_and_trace_number() -> None:
    at_ms = hours.instant(WEDNESDAY, 9)
    told = [event_of(Bank(7, SPAN).answers(entry(at_ms, attempt=attempt))[0]) for attempt in (1, 2)]
    first, second = (event.data.trace_number for event in told if isinstance(event, events.PaymentSubmitted))
    assert first != second
    assert len(first) == 15
    assert told[0].id != told[1].id


def test_a_rejected_file_is_said_to_have_failed() -> None:
    assert [kind(message) for message in scripted(Outcome(failed=True), SPAN.start_ms)] == ["payment.submitted", "payment.failed"]


@pytest.mark.parametrize("outcome", [SETTLED, Outcome("R01"), Outcome("R13")])
def test_in_real_time_the_bank_answers_within_minutes(outcome: Outcome) -> None:
    at_ms = SPAN.live_from_ms + hours.DAY_MS
    answers = scripted(outcome, at_ms)
    assert [message.at_ms for message in answers] == sorted(message.at_ms for message in answers)
    assert at_ms < answers[0].at_ms
    assert answers[-1].at_ms < at_ms + 4 * hours.MINUTE_MS


def test_an_unknown_hospital_is_a_middling_one() -> None:
    assert hospital_of("H99") == hospital_of("H01")


def _instant(text: str) -> int:
    day, clock = text.split()
    hour, minute = clock.split(":")
    at_ms = hours.instant(date.fromisoformat(day), int(hour), int(minute))
    assert iso(at_ms).endswith(":00.000Z")
    return at_ms
