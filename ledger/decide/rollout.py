"""A hospital's phase between the rules' verdict and what follows from it, and a shadow's word beside it."""

from ledger.account import Payment
from ledger.decide.context import Context
from ledger.effects import AnyEffect, ShadowDiffered
from ledger.facts import Facts
from ledger.governance import ASSISTED, DEBITS_HELD, LIVE, PAUSED, SHADOW
from ledger.policy import APPROVE, DECLINE, Verdict

_WHY = {
    SHADOW: "this hospital is in its shadow phase, nothing goes out",
    ASSISTED: "this hospital is in its assisted phase, a person confirms",
    PAUSED: "this hospital is paused, nothing new goes out",
    DEBITS_HELD: "debits of this hospital wait, too many came back",
}


def phase_of(hospital_id: str, context: Context) -> str:
    """The hospital's phase; live unless an event has said otherwise."""
    return context.phases.get(hospital_id, LIVE)


def reason_to_hold(payment: Payment, verdict: Verdict, context: Context) -> str:
    """Why a payment is held whatever its verdict, as `Decided.reason` has it; empty when the verdict stands.

    In shadow nothing is acted on, not even a decline; assisted stops what would go out; paused stops all but declines, and so does the
    hold on debits for debits.
    """
    phase = phase_of(payment.hospital_id, context)
    brakes = phase == PAUSED or (phase == DEBITS_HELD and payment.direction == "repayment")
    stops = phase == SHADOW or (phase == ASSISTED and verdict.outcome == APPROVE) or (brakes and verdict.outcome != DECLINE)
    return f"ROLLOUT_{phase.upper()}" if stops else ""


def explanation(hospital_id: str, verdict: Verdict, context: Context) -> str:
    """Why it is held, and what the rules say."""
    phase = phase_of(hospital_id, context)
    return f"Held: {_WHY[phase]}. By the rules: {verdict.explanation or 'Approved: no rule objects.'}"


def forbids(hospital_id: str, verdict: str, context: Context) -> bool:
    """Whether a person's word (approve or decline) cannot count now: in shadow nobody is to be told anything, paused sends no money."""
    phase = phase_of(hospital_id, context)
    return phase == SHADOW or (phase == PAUSED and verdict == APPROVE)


def beside(payment: Payment, facts: Facts, verdict: Verdict, context: Context) -> list[AnyEffect]:
    """What the shadow would have decided, when that is something else."""
    if context.shadow is None:
        return []
    other = context.shadow.evaluate(facts)
    if other.outcome == verdict.outcome:
        return []
    return [
        ShadowDiffered(
            payment.transaction_id,
            context.shadow.version,
            other.outcome,
            verdict.outcome,
            other.explanation,
            payment.amount_cents,
            payment.hospital_id,
        )
    ]
