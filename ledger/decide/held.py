"""Payments that wait for a person: held by the rules, or by the phase of their hospital."""

from ledger.account import Account, Payment, Status
from ledger.decide import rollout, tell
from ledger.decide.bars import Obstacle
from ledger.decide.context import Context
from ledger.effects import AnyEffect, Decided, ExceptionOpened
from ledger.governance import SHADOW
from ledger.policy import BLOCK, Verdict


def by_rules(account: Account, payment: Payment, verdict: Verdict, context: Context) -> list[AnyEffect]:
    """Held until a person decides."""
    return _held(account, payment, verdict, context, verdict.explanation)


def by_phase(account: Account, payment: Payment, verdict: Verdict, context: Context, reason: str) -> list[AnyEffect]:
    """Held whatever the rules say. In shadow nobody is told: the hospital still works without us. In other phases nothing is wrong with
    the payment, and the patient hears that it is pending, not that it is checked.
    """
    explanation = rollout.explanation(payment.hospital_id, verdict, context)
    if rollout.phase_of(payment.hospital_id, context) == SHADOW:
        return [_decided(payment, verdict, context, explanation, reason)]
    return _held(account, payment, verdict, context, explanation, reason, "pending")


def by_obstacle(account: Account, payment: Payment, verdict: Verdict, context: Context, found: Obstacle) -> list[AnyEffect]:
    """Held because of what a return has left behind, whatever the rules say."""
    explanation = f"Held: {found.explanation}. By the rules: {verdict.explanation or 'Approved: no rule objects.'}"
    return _held(account, payment, verdict, context, explanation, found.reason)


def _held(
    account: Account, payment: Payment, verdict: Verdict, context: Context, explanation: str, reason: str = "", template: str = "held"
) -> list[AnyEffect]:
    return [
        _decided(payment, verdict, context, explanation, reason),
        ExceptionOpened(
            f"{payment.transaction_id}/PAYMENT_HELD",
            "PAYMENT_HELD",
            "high" if verdict.outcome == BLOCK else "medium",
            payment.transaction_id,
            payment.amount_cents,
            explanation,
            payment.hospital_id,
        ),
        *tell.patient(account, payment, template),
    ]


def _decided(payment: Payment, verdict: Verdict, context: Context, explanation: str, reason: str) -> Decided:
    return Decided(
        payment.transaction_id,
        Status.HELD.value,
        context.rules.version,
        verdict.score,
        verdict.fired,
        explanation,
        reason=reason,
    )
