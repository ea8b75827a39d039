"""Pass 3 for files: the reference agrees, the amount differs, and a fee or the tolerance says why. The rest is for a person."""

from collections.abc import Sequence

import numpy as np

from ledger.matching.outcome import Pass, Reason, State
from ledger.matching.score import AMOUNT_POINTS, DATE_POINTS, REFERENCE_POINTS
from ledger.matching.terms import Fee
from ledger.reconcile.alike import NAME_OTHER, names, parties_differ
from ledger.reconcile.fees import learn
from ledger.reconcile.figures import UNITS_PER_CENT, decimal
from ledger.reconcile.result import Group, amount_reason, date_reason, evidence
from ledger.reconcile.view import Both

Members = tuple[tuple[int, ...], tuple[int, ...]]


def explain(both: Both, near: Sequence[Members]) -> tuple[list[Group], list[Group], tuple[Fee, ...]]:
    """Confirmed groups, proposals, and the fee schedules that were learned from these very rows."""
    one_currency = [members for members in near if _same_currency(both, members)]
    timely = [members for members in one_currency if _in_time(both, members)]
    learned = learn(_differences(both, timely)) if both.terms.learn_fees else ()
    fees = (*both.terms.fees, *learned)
    confirmed, proposed, in_time = [], [], set(timely)
    for near_members in one_currency:
        cause, members = _cause(both, near_members, fees) if near_members in in_time else (None, near_members)
        if cause:
            rule, words = cause
            score, agreed = evidence(named=True, in_time=True)
            both.take(np.array(members[0]), np.array(members[1]))
            confirmed.append(Group(State.MATCHED, rule, *members, score, (*agreed, words), (amount_reason(both, *members),)))
        elif both.terms.parts and near_members in in_time and _is_part(both, members):
            both.take(np.array(members[0]), np.array(members[1]))
            confirmed.append(_part(both, members))
        else:
            proposed.append(_proposal(both, members, timely=near_members in in_time))
    return confirmed, proposed, learned


def _cause(both: Both, members: Members, fees: Sequence[Fee]) -> tuple[tuple[Pass, str] | None, Members]:
    """What explains all the rows together, or else the only pair of them that something explains."""
    whole = why(both, members, fees)
    if whole or len(members[0]) == len(members[1]) == 1:
        return whole, members
    pairs = [((row,), (other,)) for row in members[0] for other in members[1]]
    explained = [(cause, pair) for pair in pairs if (cause := why(both, pair, fees))]
    return explained[0] if len(explained) == 1 else (None, members)


def _is_part(both: Both, members: Members) -> bool:
    """Whether less came than one left row asks for, in one payment or several, all in its direction and from nobody else."""
    owed, paid = both.left.amount[list(members[0])], both.right.amount[list(members[1])]
    if len(owed) != 1 or not (owed[0] * paid > 0).all() or abs(int(paid.sum())) >= abs(int(owed[0])):
        return False
    row = both.left.side.row(members[0][0])
    strangers = (0 <= names(row, both.right.side.row(other)) < NAME_OTHER for other in members[1])
    return not any(strangers) and not any(parties_differ(both, members[0][0], other) for other in members[1])


def _part(both: Both, members: Members) -> Group:
    score, words = evidence(named=True, in_time=True, amount="part of the amount")
    return Group(State.PARTIALLY_MATCHED, Pass.NAMED, *members, score, words, (amount_reason(both, *members),))


def why(both: Both, members: Members, fees: Sequence[Fee]) -> tuple[Pass, str] | None:
    """The pass and the words for the difference between the two sums, or None when nothing known explains it."""
    amounts = [view.amount[list(rows)] for view, rows in zip((both.left, both.right), members, strict=True)]
    owed, paid = (int(some.sum()) for some in amounts)
    if owed * paid <= 0:
        return None
    kept = abs(owed) - abs(paid)
    stated = int(both.right.fee[list(members[1])].sum()) or int(both.left.fee[list(members[0])].sum())
    if stated and abs(kept) == stated:
        return Pass.FEE, f"fee stated in the rows {decimal(stated)}"
    for fee in fees if kept > 0 else ():
        if kept in (_kept(fee, [abs(owed)]), _kept(fee, np.abs(amounts[0]).tolist())):
            return Pass.FEE, f"fee {fee.name} {decimal(kept)}"
    terms = both.terms
    allowed = max(terms.tolerance_cents * UNITS_PER_CENT, abs(owed) * terms.tolerance_basis_points // 10_000)
    return (Pass.TOLERANCE, f"tolerance {decimal(-kept)}") if 0 < abs(kept) <= allowed else None


def _kept(fee: Fee, amounts: Sequence[int]) -> int:
    """The fee on each of the amounts, summed; fees are whole cents of whole cents."""
    return sum(fee.of(amount // UNITS_PER_CENT) * UNITS_PER_CENT for amount in amounts)


def _proposal(both: Both, members: Members, *, timely: bool) -> Group:
    reasons: list[Reason] = []
    score, words = REFERENCE_POINTS, [f"reference {REFERENCE_POINTS}"]
    difference = amount_reason(both, *members)
    if difference.left != difference.right:
        reasons.append(difference)
    else:
        score, words = score + AMOUNT_POINTS, [*words, f"amount {AMOUNT_POINTS}"]
    if timely:
        score, words = score + DATE_POINTS, [*words, f"date {DATE_POINTS}"]
    else:
        reasons.append(date_reason(both, members[0][0], members[1][0]))
    return Group(State.PROPOSED, Pass.REFERENCE, *members, score, tuple(words), tuple(reasons))


def _in_time(both: Both, members: Members) -> bool:
    return all(both.near(row, other, named=True) for row in members[0] for other in members[1])


def _differences(both: Both, near: Sequence[Members]) -> list[tuple[int, int]]:
    """Of the pairs: gross and what is missing of it, in whole cents."""
    found = []
    for rows, others in near:
        owed, paid = abs(int(both.left.amount[rows[0]])), abs(int(both.right.amount[others[0]]))
        if (
            len(rows) == len(others) == 1
            and both.terms.tolerance_cents * UNITS_PER_CENT < owed - paid
            and not (owed % UNITS_PER_CENT or paid % UNITS_PER_CENT)
        ):
            found.append((owed // UNITS_PER_CENT, (owed - paid) // UNITS_PER_CENT))
    return found


def _same_currency(both: Both, members: Members) -> bool:
    left, right = both.left.currency[list(members[0])], both.right.currency[list(members[1])]
    return bool((left == right[0]).all() and (right == right[0]).all())
