"""Pay-outs without a reference: all rows of a day on one side that together are one row of the other side."""

from collections import Counter, defaultdict

import numpy as np

from ledger.matching.outcome import Pass, State
from ledger.reconcile.result import Group, evidence
from ledger.reconcile.side import Ints
from ledger.reconcile.view import Both, View

ROWS_MAX = 100_000
Key = tuple[int, int, int]


def day_sums(both: Both, held: tuple[set[int], set[int]]) -> list[Group]:
    """N:1 and 1:N: the whole day's open rows (or all of one party's) make an amount that is open once in the window.

    A whole day is not a choice among many subsets, so an exact sum of it is no accident. Two answers decide nothing.
    """
    if not both.dated:
        return []
    found: list[Group] = []
    for many_left in (True, False):
        found.extend(_one_way(both, held, many_left=many_left))
    return found


def _one_way(both: Both, held: tuple[set[int], set[int]], *, many_left: bool) -> list[Group]:
    left, right = _open(both.left, held[0]), _open(both.right, held[1])
    many, single = (left, right) if many_left else (right, left)
    many_view, single_view = (both.left, both.right) if many_left else (both.right, both.left)
    by_amount: dict[tuple[int, int], list[int]] = defaultdict(list)
    for n in single.tolist():
        by_amount[int(single_view.amount[n]), int(single_view.currency[n])].append(n)
    answers: dict[tuple[int, ...], list[int]] = {}
    for rows in _days(many_view, many):
        total, currency = int(many_view.amount[rows].sum()), int(many_view.currency[rows[0]])
        fits = [n for n in by_amount.get((total, currency), ()) if both.near(*((rows[0], n) if many_left else (n, rows[0])))]
        if fits:
            answers[tuple(rows)] = fits
    claims = Counter(n for fits in answers.values() for n in fits)
    groups: list[Group] = []
    score, words = evidence(named=False, in_time=True, amount="sum of a day")
    for summed, fits in answers.items():
        one: tuple[int, ...] = (fits[0],)
        if len(fits) == 1 and claims[fits[0]] == 1 and many_view.free[list(summed)].all():
            some, more = (summed, one) if many_left else (one, summed)
            both.take(np.array(some), np.array(more))
            groups.append(Group(State.MATCHED, Pass.SUBSET, some, more, score, words))
    return groups


def _open(view: View, held: set[int]) -> Ints:
    take = view.free & ~view.named & (view.amount != 0) & (view.day > 0)
    take[list(held)] = False
    rows: Ints = np.flatnonzero(take)
    return rows


def _days(view: View, rows: Ints) -> list[list[int]]:
    """Two or more open rows of one day, currency and sign; then the same by party."""
    by_day: dict[Key, list[int]] = defaultdict(list)
    by_party: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for n in rows.tolist():
        key = int(view.day[n]), int(view.currency[n]), int(view.amount[n] > 0)
        by_day[key].append(n)
        if view.party[n]:
            by_party[*key, int(view.party[n])].append(n)
    whole = [group for _, group in sorted(by_day.items()) if 2 <= len(group) <= ROWS_MAX]
    parts = sorted(group for group in by_party.values() if len(group) >= 2)
    days = {tuple(group) for group in whole}
    return whole + [group for group in parts if tuple(group) not in days]
