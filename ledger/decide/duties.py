"""Deadlines that the rules set: opened with their cause, closed when done, answered when their day is over."""

from datetime import date, timedelta

from ledger.account import Account, Payment
from ledger.decide import tell
from ledger.decide.context import Context
from ledger.effects import AnyEffect, DutyClosed, DutyOpened, ExceptionClosed
from ledger.standing import ADVICE, CHANGE, CONTEST, CORRECTED_ENTRY, DISHONOR, MONEY, Duty

RETURN_LATE = "RETURN_LATE"
DUPLICATE_RETURN = "DUPLICATE_RETURN"
RETURN_DISHONORED = "RETURN_DISHONORED"
DISHONOR_MISSED = "DISHONOR_MISSED"
CHANGE_NOT_APPLIED = "CHANGE_NOT_APPLIED"
_ONE_DAY = timedelta(days=1)
_OVER = {
    DISHONOR: "not dishonored in time",
    CONTEST: "not contested",
    CORRECTED_ENTRY: "60 days are over",
    CHANGE: "not applied within six banking days",
}


def opened(payment: Payment, duty: str, code: str, day: str, context: Context) -> DutyOpened:
    """Somebody has until the end of a day, counted from `day`."""
    until = context.rail.duty_deadline(duty, day)
    return DutyOpened(duty, payment.transaction_id, code, day, until, over_ms(until, context), payment.amount_cents, payment.hospital_id)


def again(account: Account, duty: Duty, due_ms: int) -> DutyOpened:
    """The same duty, looked at again at this instant. Amount and hospital are those of what it is about."""
    name = duty.transaction_id
    of = (
        account.deposits.get(name)
        if duty.kind == ADVICE
        else account.advices.get(name)
        if duty.kind == MONEY
        else account.payments.get(name)
    )
    amount_cents, hospital_id = (of.amount_cents, of.hospital_id) if of is not None else (0, "")
    return DutyOpened(duty.kind, name, duty.code, duty.day, duty.until, due_ms, amount_cents, hospital_id)


def over_ms(day: str, context: Context) -> int:
    """The instant at which this day is over."""
    return context.rail.start_of_day_ms((date.fromisoformat(day) + _ONE_DAY).isoformat())


def find(account: Account, duty: str, transaction_id: str) -> Duty | None:
    """This duty, if it is open."""
    return next((found for found in account.duties if (found.kind, found.transaction_id) == (duty, transaction_id)), None)


def closed(account: Account, transaction_id: str, how: str, *duties: str) -> list[AnyEffect]:
    """The duties of these kinds are done with."""
    return [
        DutyClosed(found.kind, transaction_id, how)
        for found in account.duties
        if found.kind in duties and found.transaction_id == transaction_id
    ]


def lapsed(account: Account, duty: Duty, _: Context) -> list[AnyEffect]:
    """The last day is over. What nobody did in time goes to a person; what nobody had to do is settled by that."""
    payment = account.payments[duty.transaction_id]
    how = _OVER[duty.kind]
    effects: list[AnyEffect] = [DutyClosed(duty.kind, duty.transaction_id, how)]
    if duty.kind == DISHONOR:
        detail = f"{duty.code} of {duty.day} was to be dishonored until {duty.until}; the bank will not take it back any more"
        effects += [*_ended(account, payment, how, RETURN_LATE, DUPLICATE_RETURN), *_missed(account, payment, DISHONOR_MISSED, detail)]
    elif duty.kind == CONTEST:
        effects += _ended(account, payment, how, RETURN_DISHONORED)
    elif duty.kind == CHANGE:
        detail = f"{duty.code} of {duty.day} was to be applied until {duty.until}; the next entry must carry it"
        effects += _missed(account, payment, CHANGE_NOT_APPLIED, detail)
    return effects


def _missed(account: Account, payment: Payment, code: str, detail: str) -> list[AnyEffect]:
    return tell.exception(account, payment.transaction_id, code, "high", payment.amount_cents, detail, payment.hospital_id)


def _ended(account: Account, payment: Payment, how: str, *codes: str) -> list[AnyEffect]:
    names = [f"{payment.transaction_id}/{code}" for code in codes]
    return [ExceptionClosed(name, how) for name in names if name in account.exceptions]
