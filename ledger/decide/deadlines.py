"""Exceptions and the clock: whoever opens one, it gets its deadline here; past it people are alerted, and later once more."""

from collections.abc import Sequence

from msgspec.structs import replace

from ledger.account import Account
from ledger.casework import Case
from ledger.decide import alerts
from ledger.decide.context import Context
from ledger.effects import AnyEffect, ExceptionOpened, ExceptionOverdue
from ledger.money import money
from ledger.sla import ESCALATED, OVERDUE, alert_severity, deadline_ms, escalation_ms


def dated(effects: Sequence[AnyEffect], context: Context) -> Sequence[AnyEffect]:
    """The same effects; exceptions among them have their deadline, counted from the event's own time."""
    for effect in effects:
        if type(effect) is ExceptionOpened:
            return [_dated(each, context) if type(each) is ExceptionOpened else each for each in effects]
    return effects


def _dated(opened: ExceptionOpened, context: Context) -> ExceptionOpened:
    return replace(opened, due_ms=deadline_ms(context.rail, context.at_ms, opened.severity, opened.amount_cents))


def waiting(account: Account, at_ms: int) -> Sequence[str]:
    """Open exceptions that the clock has to look at, in the order in which they were opened."""
    return [name for name, case in account.cases.items() if 0 < case.look_ms <= at_ms]


def overdue(account: Account, exception_id: str, context: Context) -> list[AnyEffect]:
    """An exception is still open past its deadline: an alert, of a higher severity once it is escalated.

    A clock that was away long finds one that is due and escalated at once: that is one alert.
    """
    case = account.cases[exception_id]
    escalates_ms = escalation_ms(context.rail, case.due_ms)
    level = ESCALATED if case.level == OVERDUE or context.at_ms >= escalates_ms else OVERDUE
    amount_cents = account.exceptions[exception_id]
    about, _, code = exception_id.rpartition("/")
    return [
        ExceptionOverdue(exception_id, level, case.owner, 0 if level == ESCALATED else escalates_ms),
        alerts.raised(
            "exception_overdue",
            alert_severity(case.severity, level),
            about,
            _explanation(code, amount_cents, case, level, context),
            context,
            case.hospital_id,
            amount_cents,
        ),
    ]


def put_off(account: Account, exception_id: str, until_ms: int) -> ExceptionOverdue:
    """The clock looks at it again later; nothing else is said."""
    case = account.cases[exception_id]
    return ExceptionOverdue(exception_id, case.level, case.owner, until_ms)


def _explanation(code: str, amount_cents: int, case: Case, level: int, context: Context) -> str:
    opened, due = (context.rail.business_date(moment) for moment in (case.opened_at_ms, case.due_ms))
    who = f"{case.owner} has it" if case.owner else "nobody has taken it"
    word = "escalated" if level == ESCALATED else "overdue"
    return f"{code} over ${money(amount_cents)}, opened {opened}, is {word}: it was to be closed before {due}; {who}."
