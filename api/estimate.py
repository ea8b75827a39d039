"""When money is expected to settle, and what has to happen next. An estimate, never a promise: the bank decides."""

from datetime import date, time
from typing import Final

from ach.calendar import add_banking_days
from ach.zone import to_ms, to_new_york
from ledger.account import Status

SETTLEMENT_TIME: Final = time(8, 30)
"""Next-day ACH entries settle at 8:30 a.m. Eastern Time (Federal Reserve Banks, FedACH processing schedule)."""

_NEXT: Final = {
    Status.RECEIVED: "payment.status_changed.v1",
    Status.HELD: "payment.reviewed.v1",
    Status.APPROVED: "payment.submitted.v1",
    Status.SUBMITTED: "payment.settled.v1",
    Status.SETTLED: "tick.v1",
    Status.RETRY_SCHEDULED: "tick.v1",
}


def next_event(status: Status) -> str | None:
    """The type of the event that a payment in this status waits for; None when nothing more has to happen.

    A settled payment waits for the clock to end the return time frame, a scheduled retry for the clock to reach its day.
    """
    return _NEXT.get(status)


def settles_ms(status: Status, at_ms: int, day: str = "", due_ms: int = 0) -> int | None:
    """The instant at which a payment that reached `status` at `at_ms` is expected to settle; None when it is not.

    `day` is the effective date of an entry that is with the bank, `due_ms` the instant of a scheduled re-presentment.
    """
    if status is Status.SUBMITTED and day:
        return to_ms(add_banking_days(date.fromisoformat(day), 0), SETTLEMENT_TIME)
    if status is Status.RETRY_SCHEDULED:
        return _next_day(due_ms or at_ms)
    if status in {Status.RECEIVED, Status.HELD, Status.APPROVED, Status.SUBMITTED}:
        return _next_day(at_ms)
    return None


def _next_day(at_ms: int) -> int:
    return to_ms(add_banking_days(add_banking_days(to_new_york(at_ms).date(), 0), 1), SETTLEMENT_TIME)
