"""Decisions on what CREDIT asks for and what people answer: initiate, cancel, review."""

from ledger.account import Account, Payment, Status
from ledger.decide import alerts, bars, changes, corrected, facts, held, postings, prenotes, rollout, subjects, tell
from ledger.decide.context import Context
from ledger.decide.entry import DESCRIPTIONS, SUBMIT_BANKING_DAYS, entry_due
from ledger.effects import (
    AnyEffect,
    CreditApplied,
    Decided,
    Moved,
    PaymentInitiated,
    Refused,
)
from ledger.events import InitiatedData
from ledger.events import PaymentCanceled as CanceledEvent
from ledger.events import PaymentInitiated as InitiatedEvent
from ledger.events import PaymentReviewed as ReviewedEvent
from ledger.payments import naming
from ledger.policy import APPROVE, DECLINE, Verdict
from ledger.refusal import Refusal

HOLD_DAYS = 7
"""calendar days after which a pre-approval that was never sent expires"""
_DAY_MS = 86_400_000
_CANCELABLE = frozenset({Status.HELD.value, Status.APPROVED.value, Status.RETRY_SCHEDULED.value})


def initiated(account: Account, event: InitiatedEvent, context: Context) -> list[AnyEffect]:
    """A new payment: refused, or received and decided by the rule book in force."""
    data = event.data
    if data.currency != "USD":
        return [Refused(Refusal.CURRENCY_NOT_SUPPORTED, data.transaction_id, data.currency)]
    if data.amount <= 0:
        return [Refused(Refusal.AMOUNT_NOT_POSITIVE, data.transaction_id)]
    known = account.payments.get(data.transaction_id)
    if known is not None:
        return _repeated(account, known, data, context)
    if account.privacy:
        return subjects.barred(account, data.transaction_id)
    taken = _by_client_reference(account, data.client_reference) if data.client_reference else None
    if taken is not None:
        return [Refused(Refusal.CLIENT_REFERENCE_TAKEN, data.transaction_id, taken)]
    if data.corrects and (why := corrected.refuse(account, data.corrects, context)):
        return [Refused(Refusal.NOT_CORRECTABLE, data.transaction_id, why)]
    # must succeed from here
    known_facts = facts.of_payment(account, data, context.rail, context.at_ms)
    verdict = context.rules.evaluate(known_facts)
    payment = _received(data, context.at_ms)
    decided = _decided(account, payment, verdict, context)
    effects: list[AnyEffect] = [_initiated(data), *decided, *rollout.beside(payment, known_facts, verdict, context)]
    if account.duties:
        effects += changes.applied_by(account, payment)
        if data.corrects and verdict.outcome != DECLINE:
            effects.append(corrected.by(data.corrects, data.transaction_id))
    return effects


def _by_client_reference(account: Account, name: str) -> str | None:
    """Transaction id of the payment that carries this client reference."""
    return next((payment.transaction_id for payment in naming(account.payments, name) if payment.client_reference == name), None)


def _repeated(account: Account, known: Payment, data: InitiatedData, context: Context) -> list[AnyEffect]:
    """The client asks again under a transaction id that it used before."""
    same = (known.amount_cents, known.direction, known.hospital_id, known.patient_id, known.reference, known.balance_id) == (
        data.amount,
        data.direction,
        data.hospital_id,
        data.patient_id,
        data.reference,
        data.balance_id,
    ) and (not data.body_sha256 or data.body_sha256 == known.body_sha256)
    if same:
        return [Refused(Refusal.DUPLICATE, known.transaction_id, known.status)]
    return alerts.conflict(account, known.transaction_id, known.status, account.hospital_id, int(data.amount), context)


def _initiated(data: InitiatedData) -> PaymentInitiated:
    return PaymentInitiated(
        data.transaction_id,
        data.direction,
        int(data.amount),
        data.hospital_id,
        data.patient_id,
        data.reference,
        data.client_reference,
        data.balance_id,
        data.sec_code,
        data.instrument,
        data.body_sha256,
    )


def _received(data: InitiatedData, at_ms: int) -> Payment:
    return Payment(
        data.transaction_id,
        data.direction,
        Status.RECEIVED.value,
        int(data.amount),
        data.hospital_id,
        data.patient_id,
        data.reference,
        data.client_reference,
        data.balance_id,
        data.sec_code,
        data.instrument,
        data.body_sha256,
        at_ms,
    )


def _decided(account: Account, payment: Payment, verdict: Verdict, context: Context) -> list[AnyEffect]:
    told: list[AnyEffect] = [alerts.fired(each, payment, context) for each in verdict.fired if each.severity and not each.broken]
    if context.phases and (reason := rollout.reason_to_hold(payment, verdict, context)):
        return [*held.by_phase(account, payment, verdict, context, reason), *told]
    if (account.bars or account.mandates) and verdict.outcome != DECLINE and (found := bars.obstacle(account, payment)):
        return [*held.by_obstacle(account, payment, verdict, context, found), *told]
    if verdict.outcome == APPROVE:
        return [*_approved(account, payment, context, verdict), *told]
    if verdict.outcome != DECLINE:
        return [*held.by_rules(account, payment, verdict, context), *told]
    status = Status.DECLINED.value
    decision = Decided(payment.transaction_id, status, context.rules.version, verdict.score, verdict.fired, verdict.explanation)
    return [decision, *tell.patient(account, payment, "declined"), tell.credit(payment, status, 0, account.open_cents()), *told]


def _approved(
    account: Account, payment: Payment, context: Context, verdict: Verdict | None, reviewer: str = "", comment: str = ""
) -> list[AnyEffect]:
    """Approval by rules (`verdict`) or by a person: postings, the ACH entry, and, for a pre-approval, the credit at the hospital."""
    rail = context.rail
    today = rail.business_date(context.at_ms)
    due_ms = (
        context.at_ms + HOLD_DAYS * _DAY_MS
        if payment.direction == "preapproval"
        else rail.start_of_day_ms(rail.add_banking_days(today, SUBMIT_BANKING_DAYS))
    )
    effects: list[AnyEffect] = [
        Decided(
            payment.transaction_id,
            Status.APPROVED.value,
            context.rules.version,
            verdict.score if verdict else 0,
            verdict.fired if verdict else (),
            verdict.explanation if verdict else comment,
            reviewer,
            due_ms,
        ),
        *postings.approved(payment),
    ]
    if payment.direction == "preapproval":
        effects.append(CreditApplied(payment.transaction_id, payment.hospital_id, payment.patient_id, payment.amount_cents))
    if context.rules.prenotes and prenotes.wanted(account, payment, context):
        effects += prenotes.begun(account, payment, context)
    else:
        effects.append(entry_due(payment, 1, DESCRIPTIONS[payment.direction]))
    effects += tell.patient(account, payment, "approved")
    return effects


def canceled(account: Account, event: CanceledEvent, _: Context) -> list[AnyEffect]:
    """The client withdraws a payment; possible until the entry is with the bank."""
    payment = account.payments.get(event.data.transaction_id)
    if payment is None:
        return [Refused(Refusal.UNKNOWN_TRANSACTION, event.data.transaction_id)]
    if payment.status == Status.CANCELED.value:
        return [Refused(Refusal.DUPLICATE, payment.transaction_id, payment.status)]
    if payment.status not in _CANCELABLE:
        return [Refused(Refusal.NOT_CANCELABLE, payment.transaction_id, payment.status)]
    return [
        Moved(payment.transaction_id, Status.CANCELED.value, "canceled", event.data.reason),
        *postings.released(payment, "canceled"),
        *prenotes.ended(account, payment, "canceled"),
        *tell.closed(account, payment.transaction_id, "canceled"),
    ]


def reviewed(account: Account, event: ReviewedEvent, context: Context) -> list[AnyEffect]:
    """A person decides on a held payment."""
    data = event.data
    payment = account.payments.get(data.transaction_id)
    if payment is None:
        return [Refused(Refusal.UNKNOWN_TRANSACTION, data.transaction_id)]
    if payment.status != Status.HELD.value:
        return [Refused(Refusal.NOT_HELD, payment.transaction_id, payment.status)]
    if rollout.forbids(payment.hospital_id, data.verdict, context):
        return [Refused(Refusal.ROLLOUT_PHASE, payment.transaction_id, rollout.phase_of(payment.hospital_id, context))]
    if data.verdict == "approve" and bars.unauthorized(account, payment):
        return [Refused(Refusal.MANDATE_REVOKED, payment.transaction_id, "a new authorization comes first")]
    if data.verdict == "approve":
        decision = _approved(account, payment, context, None, data.reviewer, data.comment)
    else:
        decision = [
            Decided(
                payment.transaction_id,
                Status.DECLINED.value,
                context.rules.version,
                explanation=data.comment,
                reviewer=data.reviewer,
            ),
            *tell.patient(account, payment, "declined"),
            tell.credit(payment, Status.DECLINED.value, 0, account.open_cents()),
        ]
    return [*decision, *tell.closed(account, payment.transaction_id, "reviewed", data.reviewer)]


def expired(account: Account, payment: Payment) -> list[AnyEffect]:
    """A pre-approval whose hold was never used ends; the credit leaves the hospital's account again."""
    return [
        Moved(payment.transaction_id, Status.CANCELED.value, "hold_expired", f"not sent within {HOLD_DAYS} days"),
        *postings.released(payment, "hold expired"),
        tell.credit(payment, Status.CANCELED.value, 0, account.open_cents(), ("HOLD_EXPIRED", "hold expired", "", 0)),
    ]
