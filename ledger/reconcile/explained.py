"""Pass 3 for files: the reference agrees, the amount differs, and a fee or the tolerance says why. The rest is for a person."""

from collections.abc import Sequence

import numpy as np

from ledger.matching.outcome import Pass, Reason, State
from ledger.matching.score import DATE_POINTS, REFERENCE_POINTS
from ledger.matching.terms import Fee
from ledger.reconcile.fees import learn
from ledger.reconcile.figures import UNITS_PER_CENT, decimal
from ledger.reconcile.result import Group, amount_reason, date_reason, evidence
from ledger.reconcile.view import Both

Pairs = Sequence[tuple[int, int]]


def explain(both: Both, near: Pairs) -> tuple[list[Group], list[Group], tuple[Fee, ...]]:
    """Confirmed groups, proposals, and the fee schedules that were learned from these very pairs."""
    in_time = [pair for pair in near if both.near(*pair, named=True) and _same_currency(both, *pair)]
    learned = learn(_differences(both, in_time)) if both.terms.learn_fees else ()
    confirmed, proposed = [], []
    timely = set(in_time)
    for row, other in near:
        cause = why(both, row, other, (*both.terms.fees, *learned)) if (row, other) in timely else None
        if cause:
            rule, words = cause
            score, agreed = evidence(named=True, in_time=True)
            both.take(np.array([row]), np.array([other]))
            reasons = (amount_reason(both, (row,), (other,)),)
            confirmed.append(Group(State.MATCHED, rule, (row,), (other,), score, (*agreed, words), reasons))
        elif _same_currency(both, row, other):
            proposed.append(_proposal(both, row, other))
    return confirmed, proposed, learned


def why(both: Both, row: int, other: int, fees: Sequence[Fee]) -> tuple[Pass, str] | None:
    """The pass and the words for the difference of this pair, or None when nothing known explains it."""
    owed, paid = int(both.left.amount[row]), int(both.right.amount[other])
    if owed * paid <= 0:
        return None
    kept = abs(owed) - abs(paid)
    stated = int(both.right.fee[other]) or int(both.left.fee[row])
    if stated and abs(kept) == stated:
        return Pass.FEE, f"fee stated in the row {decimal(stated)}"
    gross, rest = divmod(abs(owed), UNITS_PER_CENT)
    for fee in fees if kept > 0 and not rest else ():
        if fee.of(gross) * UNITS_PER_CENT == kept:
            return Pass.FEE, f"fee {fee.name} {decimal(kept)}"
    terms = both.terms
    allowed = max(terms.tolerance_cents * UNITS_PER_CENT, abs(owed) * terms.tolerance_basis_points // 10_000)
    return (Pass.TOLERANCE, f"tolerance {decimal(-kept)}") if 0 < abs(kept) <= allowed else None


def _proposal(both: Both, row: int, other: int) -> Group:
    reasons: list[Reason] = []
    score = REFERENCE_POINTS
    if both.left.amount[row] != both.right.amount[other]:
        reasons.append(amount_reason(both, (row,), (other,)))
    else:
        score = evidence(named=True, in_time=False)[0]
    if both.near(row, other, named=True):
        score += DATE_POINTS
    else:
        reasons.append(date_reason(both, row, other))
    return Group(State.PROPOSED, Pass.REFERENCE, (row,), (other,), score, (f"reference {REFERENCE_POINTS}",), tuple(reasons))


def _differences(both: Both, pairs: Pairs) -> list[tuple[int, int]]:
    """Gross and what is missing of it, in whole cents."""
    found = []
    for row, other in pairs:
        owed, paid = abs(int(both.left.amount[row])), abs(int(both.right.amount[other]))
        if paid < owed and not (owed % UNITS_PER_CENT or paid % UNITS_PER_CENT):
            found.append((owed // UNITS_PER_CENT, (owed - paid) // UNITS_PER_CENT))
    return found


def _same_currency(both: Both, row: int, other: int) -> bool:
    return bool(both.left.currency[row] == both.right.currency[other])
