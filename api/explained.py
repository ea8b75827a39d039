"""A decision in one sentence, wherever it is shown."""

from typing import Final

from ledger.account import Status
from ledger.policy import APPROVE, DECLINE, REVIEW, Verdict
from rules.explain import sentence

_OUTCOMES: Final = {Status.APPROVED.value: APPROVE, Status.HELD.value: REVIEW, Status.DECLINED.value: DECLINE}


def explained(status: str, explanation: str, reviewer: str = "") -> str:
    """What the rules say, also where none objected; or who decided, with the comment. Empty for a status that is no decision."""
    outcome = _OUTCOMES.get(status)
    if outcome is None:
        return explanation
    if reviewer:
        return f"{status.capitalize()} by {reviewer}" + (f": {explanation}" if explanation else ".")
    return sentence(Verdict(outcome, explanation=explanation))
