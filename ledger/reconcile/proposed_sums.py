"""Exact sums without a reference, as proposals: the few open rows in the window that make one row of the other side."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

from ledger.matching.subsets import CANDIDATES_MAX, exact_subsets
from ledger.reconcile.view import Both, View

PARTS_MAX = 4
"""a proposed sum has at most so many parts"""
CROWD = 200
"""in a window with more open rows than this a few of them make any amount by chance"""

Sum = tuple[tuple[int, ...], tuple[int, ...]]


def proposed_sums(both: Both, held: tuple[set[int], set[int]]) -> list[Sum]:
    """N:1 and 1:N: for each open row the only few open rows of the other side that make its amount.

    A row that two sums claim is in neither.
    """
    if not both.dated:
        return []
    found: list[Sum] = []
    used = (set(held[0]), set(held[1]))
    views = (both.left, both.right)
    for many in (0, 1):
        single = 1 - many
        by_day: dict[int, list[int]] = defaultdict(list)
        for n in _open(views[many], used[many]):
            by_day[int(views[many].banking_day[n])].append(n)
        answers = [(one, parts) for one in _open(views[single], used[single]) if (parts := _only_sum(both, one, by_day, many=many))]
        claims = Counter(n for _, parts in answers for n in parts)
        for one, parts in answers:
            if all(claims[n] == 1 for n in parts):
                used[many].update(parts)
                used[single].add(one)
                found.append((parts, (one,)) if many == 0 else ((one,), parts))
    return found


def _open(view: View, held: set[int]) -> list[int]:
    rows = np.flatnonzero(view.free & ~view.named & (view.amount != 0) & (view.day > 0))
    return [n for n in rows.tolist() if n not in held]


def _only_sum(both: Both, one: int, by_day: Mapping[int, list[int]], *, many: int) -> tuple[int, ...]:
    mine, theirs = (both.right, both.left) if many == 0 else (both.left, both.right)
    terms, day = both.terms, int(mine.banking_day[one])
    first, last = (day - terms.days_after, day + terms.days_before) if many == 0 else (day - terms.days_before, day + terms.days_after)
    near = [rows for n in range(first, last + 1) if (rows := by_day.get(n))]
    if sum(map(len, near)) > CROWD:
        return ()
    amount, currency = int(mine.amount[one]), mine.currency[one]
    sign = 1 if amount > 0 else -1
    candidates = [n for rows in near for n in rows if theirs.currency[n] == currency]
    parts = [n for n in candidates if 0 < int(theirs.amount[n]) * sign < abs(amount)]
    if len(parts) > CANDIDATES_MAX:
        return ()
    answers = exact_subsets([abs(int(theirs.amount[n])) for n in parts], abs(amount), 2)
    return tuple(parts[i] for i in answers[0]) if len(answers) == 1 and len(answers[0]) <= PARTS_MAX else ()
