"""Disputes of returns between the banks: ours dishonors one, theirs may contest that.

A dishonored return counts as if the entry had settled that day; a contested one as if it had come back again. The money that moved is
posted either way. Source: Nacha Operating Rules, 3.11: five banking days to dishonor, two to contest, and no further step.
"""

from ledger.account import Account, Payment, Status
from ledger.decide import allocate, bank, duties, park, postings, tell
from ledger.decide.context import Context, plausible
from ledger.effects import AnyEffect, Disputed, ExceptionClosed, Moved, Refused
from ledger.events import ReturnContested as ContestedEvent
from ledger.events import ReturnDishonored as DishonoredEvent
from ledger.evolve import RETURN_CONTESTED as CONTESTED_WHY
from ledger.evolve import RETURN_DISHONORED as DISHONORED_WHY
from ledger.refusal import Refusal
from ledger.standing import CONTEST, CORRECTED_ENTRY, DISHONOR

DISHONORED, CONTESTED = "dishonored", "contested"
_DUPLICATE = "duplicate_return"
"""reason of R67: what is dishonored is a return that was never posted"""
_RETURNED = frozenset({Status.RETURNED.value, Status.CHARGED_BACK.value, Status.RETRY_SCHEDULED.value})
_SETTLED = frozenset({Status.SETTLED.value, Status.COMPLETED.value})


def dishonored(account: Account, event: DishonoredEvent, context: Context) -> list[AnyEffect]:
    """Our bank sent the return back: the entry stands, its money is ours again."""
    data = event.data
    day, code = data.dishonor_date.isoformat(), data.dishonor_code.upper()
    payment = account.payments.get(data.transaction_id)
    if refused := _refused(data.transaction_id, data.currency, day, context):
        return refused
    if payment is None:
        return park.parked(account, event, context, 0)
    if (day, code) in payment.disputed:
        return [Refused(Refusal.DUPLICATE, payment.transaction_id, code)]
    action = context.rail.return_action(code)
    second = f"{payment.transaction_id}/{duties.DUPLICATE_RETURN}"
    possible = second in account.exceptions if action.reason == _DUPLICATE else _may_be_dishonored(payment, context)
    if action.speaks_in != DISHONORED or not possible:
        return tell.unexpected(account, payment, Refusal.NOT_DISHONORABLE, int(data.amount))
    if payment.amount_cents != data.amount:
        return tell.unexpected(account, payment, Refusal.AMOUNT_MISMATCH, int(data.amount))
    # must succeed from here
    returned_on, return_code = payment.came_back[-1][1:]
    disputed = _disputed(payment, DISHONORED, code, return_code, day, data.trace_number)
    if action.reason == _DUPLICATE:
        how = "the second return is dishonored"
        return [disputed, *duties.closed(account, payment.transaction_id, how, DISHONOR), ExceptionClosed(second, how)]
    duty = duties.opened(payment, CONTEST, code, day, context)
    last = context.rail.duty_deadline(DISHONOR, returned_on)
    late = f"; it is later than {last}" if day > last else ""
    detail = (
        f"{return_code} of {returned_on} is dishonored {code} ({action.reason}){late}; the other bank may contest it until {duty.until}"
    )
    money, open_cents, problems = _stands(account, payment, day, context)
    return [
        disputed,
        Moved(
            payment.transaction_id,
            Status.SETTLED.value,
            code,
            DISHONORED_WHY,
            day,
            data.trace_number or payment.trace_number,
            due_ms=duty.due_ms,
        ),
        *money,
        *duties.closed(account, payment.transaction_id, "return dishonored", DISHONOR, CORRECTED_ENTRY),
        *tell.closed(account, payment.transaction_id, "return dishonored"),
        duty,
        *tell.exception(
            account,
            payment.transaction_id,
            duties.RETURN_DISHONORED,
            "high" if late else "low",
            payment.amount_cents,
            detail,
            payment.hospital_id,
        ),
        tell.credit(payment, Status.SETTLED.value, payment.amount_cents, open_cents, *problems),
    ]


def contested(account: Account, event: ContestedEvent, context: Context) -> list[AnyEffect]:
    """The other bank's return stands after all: the money is gone, and what is left is between us and the patient."""
    data = event.data
    day, code = data.contest_date.isoformat(), data.contest_code.upper()
    payment = account.payments.get(data.transaction_id)
    if refused := _refused(data.transaction_id, data.currency, day, context):
        return refused
    if payment is None:
        return park.parked(account, event, context, 0)
    if (day, code) in payment.disputed:
        return [Refused(Refusal.DUPLICATE, payment.transaction_id, code)]
    action = context.rail.return_action(code)
    before = context.rail.return_action(payment.disputed[-1][1]) if payment.disputed else None
    unposted = before is not None and before.reason == _DUPLICATE
    possible = before is not None and before.speaks_in == DISHONORED and (unposted or payment.status in _SETTLED)
    if action.speaks_in != CONTESTED or not possible:
        return tell.unexpected(account, payment, Refusal.NOT_CONTESTABLE, int(data.amount))
    if payment.amount_cents != data.amount:
        return tell.unexpected(account, payment, Refusal.AMOUNT_MISMATCH, int(data.amount))
    # must succeed from here
    return_code = payment.came_back[-1][2]
    last = context.rail.duty_deadline(CONTEST, payment.disputed[-1][0])
    late = f", later than {last}" if day > last else ""
    detail = f"dishonor {payment.disputed[-1][1]} of {return_code} is contested {code} ({action.reason}){late}: the return stands"
    problem = ("RETURN_CONTESTED", action.reason, code, 0)
    effects: list[AnyEffect] = [_disputed(payment, CONTESTED, code, return_code, day, data.trace_number)]
    open_cents = account.open_cents()
    status = payment.status
    if not unposted:
        status = (Status.CHARGED_BACK if context.rail.return_action(return_code).unauthorized else Status.RETURNED).value
        trace = data.trace_number or payment.trace_number
        effects += [
            Moved(payment.transaction_id, status, code, CONTESTED_WHY, day, trace),
            *bank.undone(payment, code),
            *duties.closed(account, payment.transaction_id, "contested", CONTEST),
            *tell.closed(account, payment.transaction_id, "contested"),
        ]
        open_cents += sum([cents for _, cents in payment.allocated])
    effects += tell.exception(
        account, payment.transaction_id, "RETURN_CONTESTED", "high", payment.amount_cents, detail, payment.hospital_id
    )
    return [*effects, tell.credit(payment, status, 0, open_cents, problem)]


def _may_be_dishonored(payment: Payment, context: Context) -> bool:
    """Whether a return stands that was not contested: that is the last word between the banks."""
    if payment.status not in _RETURNED or not payment.came_back:
        return False
    return context.rail.return_action(payment.came_back[-1][2]).speaks_in != CONTESTED


def _refused(transaction_id: str, currency: str, day: str, context: Context) -> list[AnyEffect]:
    if currency != "USD":
        return [Refused(Refusal.CURRENCY_NOT_SUPPORTED, transaction_id, currency)]
    if not plausible(day, context):
        return [Refused(Refusal.IMPLAUSIBLE_TIME, transaction_id, f"date of the dispute {day}")]
    return []


def _stands(
    account: Account, payment: Payment, day: str, context: Context
) -> tuple[list[AnyEffect], int, tuple[tuple[str, str, str, int], ...]]:
    """The entry's money as if it had settled that day: effects, cents still open after it, and problems."""
    if payment.direction != "repayment":
        return postings.paid_again(payment), account.open_cents(), ()
    found = allocate.incoming(
        account,
        payment.transaction_id,
        payment.hospital_id,
        payment.amount_cents,
        payment.reference,
        payment.balance_id,
        payment.trace_number,
        day,
        context,
    )
    return found.effects, account.open_cents() - found.allocated_cents, found.problems


def _disputed(payment: Payment, stage: str, code: str, return_code: str, day: str, trace_number: str) -> Disputed:
    return Disputed(payment.transaction_id, stage, code, return_code, day, trace_number, payment.amount_cents, payment.hospital_id)
