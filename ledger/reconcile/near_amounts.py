"""Amounts that nearly agree, without a reference: for a person, with how far they are apart and the fee that would explain it."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ledger.matching.outcome import Pass, State
from ledger.matching.score import DATE_POINTS
from ledger.matching.terms import Fee
from ledger.reconcile.explained import why
from ledger.reconcile.result import Group, amount_reason, evidence
from ledger.reconcile.view import Both, View

NEAR_SHARE = 20
"""amounts are near within one part in so many"""
CROWD = 20
"""among more open rows than this, being near in amount says nothing"""


def near_amounts(both: Both, held: tuple[set[int], set[int]], fees: Sequence[Fee]) -> list[Group]:
    """Pairs in the window that are each other's only near amount. PROPOSED where a fee or the tolerance explains the difference."""
    right = _open(both.right, held[1])
    by_currency: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for n in right:
        by_currency[int(both.right.currency[n])].append((int(both.right.amount[n]), n))
    for listed in by_currency.values():
        listed.sort()
    claims: dict[int, list[int]] = defaultdict(list)
    for row in _open(both.left, held[0]):
        near = _near(both, row, by_currency[int(both.left.currency[row])])
        if len(near) == 1:
            claims[near[0]].append(row)
        for other in near if len(near) > 1 else ():
            claims[other].extend((row, -1))
    pairs = [(rows[0], other) for other, rows in claims.items() if len(rows) == 1]
    return [_group(both, row, other, fees) for row, other in sorted(pairs)]


def _near(both: Both, row: int, listed: Sequence[tuple[int, int]]) -> list[int]:
    amount = int(both.left.amount[row])
    reach = abs(amount) // NEAR_SHARE
    first, last = bisect_left(listed, (amount - reach, -1)), bisect_right(listed, (amount + reach, len(both.right)))
    if last - first > CROWD:
        return [-1, -1]
    return [other for _, other in listed[first:last] if both.near(row, other)]


def _group(both: Both, row: int, other: int, fees: Sequence[Fee]) -> Group:
    explained = why(both, ((row,), (other,)), fees)
    reasons = (amount_reason(both, (row,), (other,)),)
    if explained:
        score, words = evidence(named=False, in_time=True)
        return Group(State.PROPOSED, explained[0], (row,), (other,), score, (*words, explained[1]), reasons)
    return Group(State.MISMATCHED, Pass.TOLERANCE, (row,), (other,), DATE_POINTS, (f"date {DATE_POINTS}",), reasons)


def _open(view: View, held: set[int]) -> list[int]:
    rows = np.flatnonzero(view.free & ~view.named & (view.amount != 0))
    return [n for n in rows.tolist() if n not in held]
