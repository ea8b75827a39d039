"""Sums by name, without a reference: what one party owes in several rows and pays in one, or the other way round."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ledger.matching.outcome import Differs, Pass, Reason, State
from ledger.matching.score import PATIENT_POINTS
from ledger.matching.subsets import exact_subsets
from ledger.reconcile.result import Group, evidence
from ledger.reconcile.side import Ints
from ledger.reconcile.view import Both, View
from ledger.reconcile.words import name_words

Name = frozenset[str]
Held = tuple[set[int], set[int]]

ROWS_MAX = 200_000
"""with more open rows on a side names are not compared"""
NEAR_MAX = 200
"""a name that more rows in the window bear is not one payer's"""
NAMES_MAX = 200
"""a word that stands in more names than this is not looked up"""


class Claim(NamedTuple):
    """One row and the rows that make its amount; whether they are all that its party has in the window."""

    one: int
    parts: tuple[int, ...]
    whole: bool


def party_sums(both: Both, held: Held) -> tuple[list[Group], list[Group]]:
    """Confirmed where all of a party's open rows in the window make the amount, proposed where only one choice of them does.

    As with a whole day, all of them is no choice among many. A row that two sums claim is in neither.
    """
    confirmed: list[Group] = []
    proposed: list[Group] = []
    if not both.dated:
        return confirmed, proposed
    for many_left in (True, False):
        rows = _open(both.left, held[0]), _open(both.right, held[1])
        if max(map(len, rows)) > ROWS_MAX:
            continue
        for claim in _undisputed(_claims(both, rows, many_left=many_left)):
            group = _group(claim, many_left=many_left)
            if claim.whole:
                both.take(np.array(group.left), np.array(group.right))
                confirmed.append(group)
            else:
                proposed.append(group)
                held[0].update(group.left)
                held[1].update(group.right)
    return confirmed, proposed


def _claims(both: Both, rows: tuple[Ints, Ints], *, many_left: bool) -> Iterable[Claim]:
    many_view, single_view = (both.left, both.right) if many_left else (both.right, both.left)
    many, single = rows if many_left else rows[::-1]
    terms = both.terms
    back, ahead = (terms.days_after, terms.days_before) if many_left else (terms.days_before, terms.days_after)
    parts = Parts(many_view, many)
    for one in single.tolist():
        amount, day = int(single_view.amount[one]), int(single_view.banking_day[one])
        near = [
            n
            for n in parts.of(name_words(single_view.side.row(one)), range(day - back, day + ahead + 1))
            if _fits(single_view, one, many_view, n)
        ]
        if len(near) < 2:
            continue
        amounts = [abs(int(many_view.amount[n])) for n in near]
        if sum(amounts) == abs(amount):
            yield Claim(one, tuple(near), whole=True)
        elif len(chosen := exact_subsets(amounts, abs(amount), 2)) == 1:
            yield Claim(one, tuple(near[i] for i in chosen[0]), whole=False)


def _fits(single_view: View, one: int, many_view: View, part: int) -> bool:
    amount, other = int(single_view.amount[one]), int(many_view.amount[part])
    return bool(amount * other > 0 and abs(other) < abs(amount) and single_view.currency[one] == many_view.currency[part])


class Parts:
    """Open rows by the name that they bear and the banking day."""

    def __init__(self, view: View, rows: Ints) -> None:
        self._rows: dict[Name, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._names: dict[str, set[Name]] = defaultdict(set)
        for n in rows.tolist():
            name = name_words(view.side.row(n))
            if name:
                self._rows[name][int(view.banking_day[n])].append(n)
        for name in self._rows:
            for word in name:
                self._names[word].add(name)

    def of(self, name: Name, days: Sequence[int]) -> list[int]:
        """The rows on these days under names whose words are all in this one, or the other way round; none of too many."""
        known: Mapping[str, set[Name]] = self._names
        near = {other for word in name for other in known.get(word, ()) if len(known[word]) <= NAMES_MAX}
        alike = [other for other in near if other <= name or name <= other]
        found = [rows for other in alike for day in days if (rows := self._rows[other].get(day))]
        return sorted(n for rows in found for n in rows) if sum(map(len, found)) <= NEAR_MAX else []


def _undisputed(claims: Iterable[Claim]) -> list[Claim]:
    found = list(claims)
    times = Counter(n for claim in found for n in claim.parts)
    return [claim for claim in found if all(times[n] == 1 for n in claim.parts)]


def _group(claim: Claim, *, many_left: bool) -> Group:
    one: tuple[int, ...] = (claim.one,)
    left, right = (claim.parts, one) if many_left else (one, claim.parts)
    score, words = evidence(named=False, in_time=True, amount="sum of a party" if claim.whole else "sum")
    state = State.MATCHED if claim.whole else State.PROPOSED
    reasons = () if claim.whole else (Reason(Differs.REFERENCE_BLANK, "reference"),)
    return Group(state, Pass.SUBSET, left, right, score + PATIENT_POINTS, (*words, f"name {PATIENT_POINTS}"), reasons)


def _open(view: View, held: set[int]) -> Ints:
    take = view.free & ~view.named & (view.amount != 0) & (view.day > 0)
    take[list(held)] = False
    rows: Ints = np.flatnonzero(take)
    return rows
