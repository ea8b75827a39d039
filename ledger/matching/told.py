"""Reasons as a person at the desk reads them: which field differs, what came, what was expected."""

from ledger.matching.outcome import Differs, Outcome, Reason
from ledger.matching.score import RUNNER_UP_DISTANCE
from ledger.money import money

_ADVISED = {"advice": "amount {}, advised {}", "bills": "the bills of the advice make {}, its payment {}"}
"""of a remittance advice: what came, and what was told"""
_NOT_UNIQUE = {
    "amount": "{} sums of open balances make the amount",
    "balance": f"{{}} balances score less than {RUNNER_UP_DISTANCE} points apart",
    "bill": "{} open balances are named {}",
}
"""by what there is more than one of: how many, and for a bill the name"""

_NOTHING = "nothing is open that it could be for"


def said(outcome: Outcome) -> str:
    """One line: how the nearest candidate differs, field by field; or what `Differs` says where no values stand behind it."""
    reasons, candidates = outcome.reasons, outcome.candidates
    if all(not reason.left and not reason.right for reason in reasons):
        return ", ".join(sorted({_plain(reason.code) for reason in reasons})) or _plain(Differs.NOTHING_OPEN)
    nearest = f"nearest {' + '.join(candidates[0].balance_ids)}: " if candidates else ""
    return nearest + "; ".join(_said(reason) for reason in reasons)


def _said(reason: Reason) -> str:
    match reason.code:
        case Differs.AMOUNT if reason.field in _ADVISED:
            return _ADVISED[reason.field].format(_dollars(reason.right), _dollars(reason.left))
        case Differs.AMOUNT:
            of = "" if reason.field == "amount" else f"{reason.field}: "
            difference = f"{'+' if reason.delta > 0 else ''}{money(reason.delta)}"
            return f"{of}amount {_dollars(reason.right)}, open {_dollars(reason.left)} ({difference})"
        case Differs.LEFT_OVER:
            return f"{money(reason.delta)} left over"
        case Differs.DATE:
            return f"date {reason.right or 'unknown'}, due {reason.left or 'unknown'}"
        case Differs.REFERENCE:
            return f"reference {reason.right}, expected {reason.left} ({reason.delta} {'edit' if reason.delta == 1 else 'edits'})"
        case Differs.REFERENCE_BLANK:
            return f"no reference came, expected {reason.left}" if reason.left else "no reference expected"
        case Differs.NOT_UNIQUE:
            return _NOT_UNIQUE[reason.field].format(reason.left, reason.right)
        case Differs.BALANCE_UNKNOWN:
            return f"{reason.right} is not open here"
        case Differs.HOSPITAL:
            return f"hospital {reason.right}, expected {reason.left}"
        case _:
            return _plain(reason.code)


def _plain(code: Differs) -> str:
    return _NOTHING if code is Differs.NOTHING_OPEN else code.value.replace("_", " ").lower()


def _dollars(cents: str) -> str:
    return money(int(cents))
