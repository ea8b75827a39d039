"""Decisions on what the bank tells us: submitted, settled, returned, failed."""

from collections.abc import Collection

from ledger.account import Account, Payment, Status
from ledger.decide import alerts, allocate, bars, changes, duties, late, park, postings, prenotes, retry, tell, unsent, withdrawn
from ledger.decide.context import Context, plausible
from ledger.effects import AnyEffect, Moved, Refused, Suspended, Unmatched
from ledger.events import PaymentFailed as FailedEvent
from ledger.events import PaymentReturned as ReturnedEvent
from ledger.events import PaymentSettled as SettledEvent
from ledger.events import PaymentSubmitted as SubmittedEvent
from ledger.policy import ReturnAction
from ledger.refusal import Refusal
from ledger.standing import AUTHORIZATION, CORRECTED_ENTRY, INSTRUMENT

SETTLE_BANKING_DAYS = 3
"""banking days after submission at which a missing settlement needs a person (T+1 and two of grace)"""
RETURN_BANKING_DAYS = 2
"""banking days after settlement by which ordinary returns have come (Nacha return time frame)"""
_CORRECTABLE = "R11"
_SUBMITTABLE = frozenset({Status.APPROVED.value, Status.RETRY_SCHEDULED.value})
_SETTLEABLE = frozenset({Status.APPROVED.value, Status.SUBMITTED.value, Status.RETRY_SCHEDULED.value})
_SETTLED = frozenset({Status.SETTLED.value, Status.COMPLETED.value})
_RETURNABLE = frozenset({Status.APPROVED.value, Status.SUBMITTED.value, Status.SETTLED.value, Status.COMPLETED.value})
_RETURNED = frozenset({Status.RETURNED.value, Status.CHARGED_BACK.value, Status.RETRY_SCHEDULED.value})


def submitted(account: Account, event: SubmittedEvent, context: Context) -> list[AnyEffect]:
    """The entry is with the bank."""
    data = event.data
    day = data.effective_date.isoformat() if data.effective_date else context.rail.business_date(context.at_ms)
    if not plausible(day, context):
        return [Refused(Refusal.IMPLAUSIBLE_TIME, data.transaction_id, f"effective date {day}")]
    payment = account.payments.get(data.transaction_id)
    if payment is None:
        return park.parked(account, event, context, 0)
    if data.prenote:
        return prenotes.sent(account, payment, day, context)
    again = payment.trace_number == data.trace_number and payment.status in {Status.SUBMITTED.value, *_SETTLED}
    if again or _came_back(payment, day):
        return [Refused(Refusal.DUPLICATE, payment.transaction_id, payment.status)]
    if payment.status not in _SUBMITTABLE:
        return tell.unexpected(account, payment, Refusal.NOT_SUBMITTABLE, payment.amount_cents)
    missing = context.rail.start_of_day_ms(context.rail.add_banking_days(day, SETTLE_BANKING_DAYS))
    return [
        Moved(
            payment.transaction_id,
            Status.SUBMITTED.value,
            day=day,
            trace_number=data.trace_number,
            file_id=data.file_id,
            due_ms=missing,
        ),
        *postings.sent(payment),
        *(changes.applied(account, f"sent with {payment.transaction_id}") if data.corrected else ()),
        *tell.ended(account, payment.transaction_id, "NOT_SUBMITTED", "submitted"),
    ]


def settled(account: Account, event: SettledEvent, context: Context) -> list[AnyEffect]:
    """Money moved: a repayment is matched against what is owed, a credit leaves our cash."""
    data = event.data
    day = data.settlement_date.isoformat()
    if data.currency != "USD":
        return [Refused(Refusal.CURRENCY_NOT_SUPPORTED, data.transaction_id, data.currency)]
    if not plausible(day, context):
        return [Refused(Refusal.IMPLAUSIBLE_TIME, data.transaction_id, f"settlement date {day}")]
    payment = account.payments.get(data.transaction_id)
    if payment is None:
        return park.parked(account, event, context, int(data.amount))
    if _came_back(payment, day) and payment.amount_cents == data.amount:
        return [Refused(Refusal.DUPLICATE, payment.transaction_id, payment.status)]
    if payment.status in _SETTLED:
        if (payment.amount_cents, payment.day) == (data.amount, day):
            return [Refused(Refusal.DUPLICATE, payment.transaction_id, payment.status)]
        return alerts.conflict(account, payment.transaction_id, payment.status, payment.hospital_id, int(data.amount), context)
    if payment.status not in _SETTLEABLE:
        return tell.unexpected(account, payment, Refusal.NOT_SETTLEABLE, int(data.amount))
    if payment.amount_cents != data.amount:
        return tell.unexpected(account, payment, Refusal.AMOUNT_MISMATCH, int(data.amount))
    # must succeed from here
    rail = context.rail
    done_ms = rail.start_of_day_ms(rail.add_banking_days(day, RETURN_BANKING_DAYS))
    moved = Moved(payment.transaction_id, Status.SETTLED.value, day=day, trace_number=data.trace_number, due_ms=done_ms)
    closed = tell.closed(account, payment.transaction_id, "settled")
    if payment.direction != "repayment":
        told = tell.credit(payment, Status.SETTLED.value, payment.amount_cents, account.open_cents())
        return [moved, *postings.paid_out(payment), *closed, told]
    allocation = allocate.incoming(
        account,
        payment.transaction_id,
        payment.hospital_id,
        payment.amount_cents,
        data.reference or payment.reference,
        payment.balance_id,
        data.trace_number,
        day,
        context,
    )
    open_cents = account.open_cents() - allocation.allocated_cents
    told = tell.credit(payment, Status.SETTLED.value, payment.amount_cents, open_cents, *allocation.problems)
    return [moved, *allocation.effects, *closed, told]


def returned(account: Account, event: ReturnedEvent, context: Context) -> list[AnyEffect]:
    """The receiving bank sent the entry back: what was posted is reversed, the cause decides what comes next."""
    data = event.data
    day = data.return_date.isoformat()
    code = data.return_code.upper()
    if data.currency != "USD":
        return [Refused(Refusal.CURRENCY_NOT_SUPPORTED, data.transaction_id, data.currency)]
    if not plausible(day, context):
        return [Refused(Refusal.IMPLAUSIBLE_TIME, data.transaction_id, f"return date {day}")]
    payment = account.payments.get(data.transaction_id)
    if payment is None:
        return park.parked(account, event, context, 0)
    if data.prenote:
        return _prenote_returned(account, payment, context.rail.return_action(code), day, context)
    if any(entry[1:] == (day, code) for entry in payment.came_back):
        return [Refused(Refusal.DUPLICATE, payment.transaction_id, payment.status)]
    if payment.status in _RETURNED or _came_back(payment, day):
        conflict = Refused(Refusal.CONTENT_CONFLICT, payment.transaction_id, payment.status)
        return [conflict, *late.second(account, payment, code, day, context)]
    if payment.status not in _RETURNABLE:
        return tell.unexpected(account, payment, Refusal.NOT_RETURNABLE, int(data.amount))
    if payment.amount_cents != data.amount:
        return tell.unexpected(account, payment, Refusal.AMOUNT_MISMATCH, int(data.amount))
    # must succeed from here
    action = context.rail.return_action(code)
    status = Status.CHARGED_BACK if action.unauthorized else Status.RETURNED
    trace = data.trace_number or payment.trace_number
    return [
        Moved(
            payment.transaction_id,
            status.value,
            code,
            action.reason,
            day,
            trace,
            hospital_id=payment.hospital_id,
            patient_id=payment.patient_id,
            amount_cents=payment.amount_cents,
        ),
        *undone(payment, code),
        *_lost(account, payment),
        *_consequences(account, payment, action, status, day, context),
    ]


def _prenote_returned(account: Account, payment: Payment, action: ReturnAction, day: str, context: Context) -> list[AnyEffect]:
    """It takes the other debits along that wait for a cut: all of them when it was not authorized, else those to its bank account."""
    effects = prenotes.returned(account, payment, action, day, context)
    if type(effects[0]) is Refused:
        return effects
    ended = {effect.transaction_id for effect in effects if type(effect) is Moved}
    return effects + _withdrawn(account, payment, action, "a prenote", ended)


def _withdrawn(account: Account, payment: Payment, action: ReturnAction, what: str, but: Collection[str]) -> list[AnyEffect]:
    """Debits that wait for a cut, where this return has ended the authorization or the bank account they rely on."""
    why = f"{what} was returned {action.code}"
    if action.bars == AUTHORIZATION:
        return withdrawn.debits(account, why, but)
    return withdrawn.debits_to(account, payment, why, but) if action.bars == INSTRUMENT else []


def undone(payment: Payment, code: str) -> list[AnyEffect]:
    """Undo what the payment's settlement or approval had posted. What of it was refunded before is lost."""
    if payment.status not in _SETTLED:
        return postings.released(payment, f"returned {code}")
    if payment.direction != "repayment":
        return postings.credit_returned(payment)
    effects: list[AnyEffect] = [
        Unmatched(payment.transaction_id, balance_id, cents, f"returned {code}") for balance_id, cents in payment.allocated
    ]
    if payment.suspended_cents:
        effects.append(Suspended(payment.transaction_id, -payment.suspended_cents, f"returned {code}"))
    return [*effects, *postings.debit_returned(payment)]


def _lost(account: Account, payment: Payment) -> list[AnyEffect]:
    """What was given back from suspense before the bank took the whole payment back is gone; a person claims it."""
    if payment.status not in _SETTLED or payment.direction != "repayment" or not (lost := postings.refunded_cents(payment)):
        return []
    detail = "refunded before the bank returned the payment"
    return tell.exception(account, payment.transaction_id, "REFUND_LOST", "high", lost, detail, payment.hospital_id)


def _consequences(account: Account, payment: Payment, action: ReturnAction, status: Status, day: str, context: Context) -> list[AnyEffect]:
    """Retry, revoke, bar, alert, tell. Source of the classes: the return code table of `ach`."""
    effects: list[AnyEffect] = [*tell.closed(account, payment.transaction_id, "returned")]
    entries = payment.attempts + (payment.status == Status.APPROVED.value)
    in_time_until = late.missed_window(payment, action.code, day, context)
    retry_ms = None if in_time_until else retry.at_ms(payment, entries, action, context)
    reopened = sum([cents for _, cents in payment.allocated]) if payment.status in _SETTLED else 0
    problems = [("PAYMENT_RETURNED", action.reason, action.code, retry_ms or 0)]
    if retry_ms is not None:
        effects += retry.scheduled(account, payment, retry_ms, entries + 1, action, context)
    else:
        severity = "high" if action.unauthorized or not action.known else "medium"
        detail = f"{action.code} {action.reason}" + ("" if action.known else ": not a code we know")
        if action.code == _CORRECTABLE and payment.direction == "repayment":
            duty = duties.opened(payment, CORRECTED_ENTRY, action.code, day, context)
            detail += f": one corrected entry may be sent until {duty.until}, no new authorization is needed"
            effects.append(duty)
        effects += tell.exception(
            account, payment.transaction_id, "PAYMENT_RETURNED", severity, payment.amount_cents, detail, payment.hospital_id
        )
        effects += tell.patient(account, payment, "final" if entries > 1 else "returned")
    if in_time_until:
        effects += late.late(account, payment, action.code, day, in_time_until, context)
        problems.append((duties.RETURN_LATE, f"in time until {in_time_until}", action.code, 0))
    ended = bars.after_return(account, payment, action, day)
    effects += [*ended, *_alerts(payment, action, context)]
    if ended:
        what = "another debit" if payment.direction == "repayment" else "a credit"
        effects += _withdrawn(account, payment, action, what, {payment.transaction_id})
    effects.append(tell.credit(payment, status.value, 0, account.open_cents() + reopened, *problems))
    return effects


def _alerts(payment: Payment, action: ReturnAction, context: Context) -> list[AnyEffect]:
    """Risk is told that a debit was not authorized, and of whatever else the code is worth an alert."""
    if not action.unauthorized and not action.alert:
        return []
    name = "unauthorized_return" if action.unauthorized else action.alert
    follows = {AUTHORIZATION: " Further debits wait for a new authorization.", INSTRUMENT: " The bank account is not used any more."}
    what = "Debit" if payment.direction == "repayment" else "Credit"
    explanation = f"{what} returned {action.code} ({action.reason}).{follows.get(action.bars, '')}"
    return [alerts.raised(name, "high", payment.transaction_id, explanation, context, payment.hospital_id, payment.amount_cents)]


def failed(account: Account, event: FailedEvent, context: Context) -> list[AnyEffect]:
    """The entry never reached the network."""
    payment = account.payments.get(event.data.transaction_id)
    if payment is None:
        return park.parked(account, event, context, 0)
    if payment.status == Status.FAILED.value:
        return [Refused(Refusal.DUPLICATE, payment.transaction_id, payment.status)]
    if payment.status not in _SETTLEABLE:
        return tell.unexpected(account, payment, Refusal.NOT_SETTLEABLE, payment.amount_cents)
    why = event.data.reason
    return [*unsent.failed(account, payment, why, ("PAYMENT_FAILED", why, "", 0)), *prenotes.ended(account, payment, "failed")]


def overdue_settlement(account: Account, payment: Payment) -> list[AnyEffect]:
    """The clock passed the day by which the bank should have settled."""
    return [
        Moved(payment.transaction_id, payment.status, "settlement_missing", day=payment.day, trace_number=payment.trace_number),
        *tell.exception(
            account,
            payment.transaction_id,
            "SETTLEMENT_MISSING",
            "medium",
            payment.amount_cents,
            f"submitted for {payment.day}, not settled within {SETTLE_BANKING_DAYS} banking days",
            payment.hospital_id,
        ),
    ]


def completed(account: Account, payment: Payment) -> list[AnyEffect]:
    """The time frame of ordinary returns is over."""
    moved = Moved(payment.transaction_id, Status.COMPLETED.value, day=payment.day, trace_number=payment.trace_number)
    return [moved, *bars.lifted_by_success(account, payment)] if account.bars else [moved]


def _came_back(payment: Payment, day: str) -> bool:
    """Whether a bank's date is of an entry that came back already: whatever is presented again has later dates than the return."""
    return any(day == own or day < back for own, back, _ in payment.came_back)
