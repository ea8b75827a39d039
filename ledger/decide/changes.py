"""Notices of change: what the receiving bank wants corrected from the next entry on.

Source: Nacha Operating Rules, 2.11.1: the correction is made within six banking days of the notice or before the next entry, whichever
is later; a notice that makes no sense is refused within 15 days (C61 to C69), which a person asks our bank for.
"""

from datetime import date, timedelta

from ledger.account import Account, Payment
from ledger.decide import bars, duties, park, tell
from ledger.decide.context import Context, plausible
from ledger.effects import AccountCorrected, AnyEffect, DutyClosed, ExceptionClosed, Refused
from ledger.events import AccountChanged
from ledger.refusal import Refusal
from ledger.seal import identity
from ledger.standing import CHANGE, Change

REFUSE_DAYS = 15
_NAMES_ACCOUNT = frozenset({"account", "routing_number"})


def account_changed(account: Account, event: AccountChanged, context: Context) -> list[AnyEffect]:
    """The correction is noted and watched, CREDIT is told; one that cannot be applied goes to a person."""
    data = event.data
    day, code = data.notice_date.isoformat(), data.change_code.upper()
    if not plausible(day, context):
        return [Refused(Refusal.IMPLAUSIBLE_TIME, data.transaction_id, f"notice date {day}")]
    payment = account.payments.get(data.transaction_id)
    if payment is None:
        return park.parked(account, event, context, 0)
    if Change(payment.transaction_id, code, day, data.trace_number) in account.changes:
        return [Refused(Refusal.DUPLICATE, payment.transaction_id, code)]
    # must succeed from here
    effects: list[AnyEffect] = [
        AccountCorrected(payment.transaction_id, code, data.fields, day, data.trace_number, data.correction),
    ]
    if data.fields:
        effects.append(duties.opened(payment, CHANGE, code, day, context))
    else:
        last = date.fromisoformat(day) + timedelta(days=REFUSE_DAYS)
        detail = f"{code} of {day} cannot be applied: look at it, or have our bank refuse it until {last.isoformat()}"
        effects += tell.exception(account, payment.transaction_id, "NOTICE_OF_CHANGE", "medium", 0, detail, payment.hospital_id)
    if _NAMES_ACCOUNT.intersection(data.fields):
        effects += bars.lifted_by_change(account, payment, code)
    problem = ("ACCOUNT_CHANGED", ", ".join(data.fields) or "cannot be applied", code, 0)
    return [*effects, tell.credit(payment, payment.status, 0, account.open_cents(), problem)]


def applied(account: Account, why: str) -> list[AnyEffect]:
    """An entry went out as the notices want it: all that waited for it is done."""
    waiting = [duty.transaction_id for duty in account.duties if duty.kind == CHANGE]
    overdue = [name for name in account.exceptions if name.endswith(f"/{duties.CHANGE_NOT_APPLIED}")]
    return [*(DutyClosed(CHANGE, name, why) for name in waiting), *(ExceptionClosed(name, why) for name in overdue)]


def applied_by(account: Account, payment: Payment) -> list[AnyEffect]:
    """A payment that names another bank account than the one a notice spoke of: CREDIT has corrected it."""
    if not payment.instrument:
        return []
    return [
        DutyClosed(CHANGE, duty.transaction_id, f"corrected with {payment.transaction_id}")
        for duty in account.duties
        if duty.kind == CHANGE and _names_another(account.payments[duty.transaction_id], payment)
    ]


def _names_another(noticed: Payment, payment: Payment) -> bool:
    return bool(noticed.instrument) and identity(noticed.instrument) != identity(payment.instrument)
