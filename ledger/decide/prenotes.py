"""Prenotes: an entry without money that tries a bank account before the first debit to it.

Source: Nacha Operating Rules, 2.6: live entries follow from the third banking day after the prenote's settlement, unless it came back.
"""

from ledger.account import Account, Payment, Status
from ledger.decide import alerts, bars, duties, rollout, tell, unsent
from ledger.decide.context import Context
from ledger.decide.entry import DESCRIPTIONS, SUBMIT_BANKING_DAYS, entry_due, prenote_due
from ledger.effects import AnyEffect, DutyClosed, DutyOpened, Moved, Refused
from ledger.governance import DEBITS_HELD, PAUSED, SHADOW
from ledger.policy import ReturnAction
from ledger.refusal import Refusal
from ledger.seal import identity
from ledger.standing import PRENOTE, Duty

SENT = "sent"
"""code of the duty once the prenote is with the bank; empty before"""
PRENOTE_RETURNED = "PRENOTE_RETURNED"
ANY_HOSPITAL = "*"


def wanted(account: Account, payment: Payment, context: Context) -> bool:
    """Whether the bank account of this debit is to be tried first: the book wishes it, and no entry went there yet."""
    hospitals = context.rules.prenotes
    if payment.direction != "repayment" or not (payment.hospital_id in hospitals or ANY_HOSPITAL in hospitals):
        return False
    if payment.instrument and identity(payment.instrument) in account.instruments:
        return False
    return not any(_went_there(account, other, payment) for other in account.payments.values())


def begun(account: Account, payment: Payment, context: Context) -> list[AnyEffect]:
    """The prenote is due and the payment waits for it; where one to the same account is with the bank, the payment waits for that."""
    for duty in account.duties:
        if duty.kind == PRENOTE and duty.code == SENT and bars.same_instrument(account.payments[duty.transaction_id], payment):
            return [_again(payment, duty, duty.due_ms)]
    return [_unsent(payment, context), prenote_due(payment)]


def sent(account: Account, payment: Payment, day: str, context: Context) -> list[AnyEffect]:
    """The prenote left for the bank, to settle on this day; from then on the three banking days count."""
    duty = duties.find(account, PRENOTE, payment.transaction_id)
    if duty is None or duty.code == SENT:
        refusal = Refusal.DUPLICATE if _waits(payment) else Refusal.NOT_SUBMITTABLE
        return [Refused(refusal, payment.transaction_id, payment.status)]
    opened = duties.opened(payment, PRENOTE, SENT, day, context)
    limit_ms = context.rail.start_of_day_ms(context.rail.add_banking_days(opened.until, SUBMIT_BANKING_DAYS + 1))
    return [
        opened,
        Moved(payment.transaction_id, payment.status, reason=f"the prenote settles {day}, the debit waits", due_ms=limit_ms),
        *tell.ended(account, payment.transaction_id, "NOT_SUBMITTED", "the prenote is with the bank"),
    ]


def returned(account: Account, payment: Payment, action: ReturnAction, day: str, context: Context) -> list[AnyEffect]:
    """The prenote came back: every debit that waits for this account ends, and the return acts on the account as any other does."""
    waiting = [other for other in _waiting(account) if bars.same_instrument(other, payment)]
    heard = any((bar.transaction_id, bar.code, bar.day) == (payment.transaction_id, action.code, day) for bar in account.bars)
    if heard or (not waiting and payment.status == Status.FAILED.value):
        return [Refused(Refusal.DUPLICATE, payment.transaction_id, payment.status)]
    why = f"its prenote was returned {action.code} ({action.reason})"
    effects: list[AnyEffect] = [
        effect
        for other in waiting
        for effect in (
            DutyClosed(PRENOTE, other.transaction_id, f"returned {action.code}"),
            *unsent.failed(account, other, why, (PRENOTE_RETURNED, action.reason, action.code, 0)),
        )
    ]
    withdrawn = action.bars and _waits(payment)  # by the caller: it still waits for a cut
    if not waiting and not withdrawn:  # the debit went out before the answer came
        effects += tell.exception(account, payment.transaction_id, PRENOTE_RETURNED, "high", 0, why, payment.hospital_id)
    effects += bars.after_return(account, payment, action, day)
    if action.unauthorized or action.alert:
        name = action.alert or PRENOTE_RETURNED.lower()
        explanation = f"A prenote was returned {action.code} ({action.reason})."
        effects.append(alerts.raised(name, "high", payment.transaction_id, explanation, context, payment.hospital_id))
    return effects


def lapsed(account: Account, duty: Duty, context: Context) -> list[AnyEffect]:
    """The wait is over and the prenote did not come back: the debit goes out, unless something stands against it by now.

    A prenote that has not left yet is waited for; whoever should send it is told by the payment's own deadline.
    """
    payment = account.payments[duty.transaction_id]
    if not _waits(payment):
        return [DutyClosed(PRENOTE, payment.transaction_id, f"the payment is {payment.status}")]
    if duty.code != SENT:
        return [_unsent(payment, context)]
    if why := _why_not(account, payment):
        closed = DutyClosed(PRENOTE, payment.transaction_id, why)
        return [closed, *unsent.failed(account, payment, why, ("PAYMENT_FAILED", why, "", 0))]
    if rollout.phase_of(payment.hospital_id, context) in (PAUSED, SHADOW, DEBITS_HELD):
        rail = context.rail
        return [_again(payment, duty, rail.start_of_day_ms(rail.add_banking_days(rail.business_date(context.at_ms), 1)))]
    return [DutyClosed(PRENOTE, payment.transaction_id, "did not come back"), entry_due(payment, 1, DESCRIPTIONS[payment.direction])]


def ended(account: Account, payment: Payment, how: str) -> list[AnyEffect]:
    """The payment needs no prenote any more."""
    return duties.closed(account, payment.transaction_id, how, PRENOTE) if account.duties else []


def _went_there(account: Account, other: Payment, payment: Payment) -> bool:
    """Whether an entry of another payment went to this payment's bank account, or may go without further ado."""
    if other.transaction_id == payment.transaction_id or not bars.same_instrument(other, payment):
        return False
    ready = other.status == Status.APPROVED.value and duties.find(account, PRENOTE, other.transaction_id) is None
    return ready or other.attempts > 0


def _waiting(account: Account) -> list[Payment]:
    """Payments whose debit waits for a prenote."""
    named = [account.payments[duty.transaction_id] for duty in account.duties if duty.kind == PRENOTE]
    return [payment for payment in named if _waits(payment)]


def _waits(payment: Payment) -> bool:
    return payment.status == Status.APPROVED.value and not payment.attempts


def _why_not(account: Account, payment: Payment) -> str:
    """The first reason against sending the debit now; empty when there is none."""
    if account.consents.get("payments") is False:
        return "consent withdrawn meanwhile"
    found = bars.obstacle(account, payment)
    return found.explanation if found is not None else ""


def _unsent(payment: Payment, context: Context) -> DutyOpened:
    rail = context.rail
    today = rail.business_date(context.at_ms)
    until = rail.add_banking_days(today, SUBMIT_BANKING_DAYS)
    due_ms = rail.start_of_day_ms(until)
    return DutyOpened(PRENOTE, payment.transaction_id, "", today, until, due_ms, payment.amount_cents, payment.hospital_id)


def _again(payment: Payment, duty: Duty, due_ms: int) -> DutyOpened:
    """The same wait, for this payment and until this instant."""
    return DutyOpened(PRENOTE, payment.transaction_id, duty.code, duty.day, duty.until, due_ms, payment.amount_cents, payment.hospital_id)
