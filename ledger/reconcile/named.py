"""Passes 0 and 1 for files: rows that share an id or a reference, one to one, one to many, many to one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ledger.matching.outcome import Pass, State
from ledger.matching.subsets import exact_subsets
from ledger.reconcile.joins import Column, Join, column, distinct, join
from ledger.reconcile.keys import ID, REFERENCE, TOKEN
from ledger.reconcile.listed import Members, listed
from ledger.reconcile.result import Duplicate, Group, evidence
from ledger.reconcile.side import Ints
from ledger.reconcile.view import Both, View, comparable

SERIAL_AGREEMENT = 2
"""ids of both files that agree in amount for fewer than one in two are serial numbers of each file, not shared names"""
CROWD = 12
"""a word of the free text under which more rows than this lie on both sides names no single payment"""
PAIRS_MAX = 10_000
"""a larger bucket of equal rows is paired in date order without looking at every pair"""

Sum = tuple[list[int], list[int]]


class Named:
    """The pass over all identifiers: confirmed pairs and groups, duplicates, and the pairs whose amount differs."""

    def __init__(self, both: Both) -> None:
        self.both = both
        self.pairs: list[tuple[Ints, Ints]] = []
        self.groups: list[Group] = []
        self._near_groups: list[Members] = []
        self.duplicates: tuple[list[Duplicate], list[Duplicate]] = ([], [])
        self.held: tuple[set[int], set[int]] = (set(), set())
        """the rows that are duplicates"""
        self._left, self._right = both.left.side.keys(), both.right.side.keys()
        self.ids_shared = self._ids_shared()
        self.comparable = self._comparable()
        """pairs of columns, as kinds of key, that name the same things in both files"""
        strong, every = self._join(REFERENCE), self._join(TOKEN)
        for joined in (strong, every):
            self._one_to_one(joined)
        for joined, crowd in ((strong, 0), (every, CROWD)):
            for left, right in joined.groups():
                if not (crowd and min(len(left), len(right)) > crowd):
                    self._group(left, right)
        self._lists(every)
        self._mark_named(strong)
        self.near = self._still_free(strong, every)

    def _ids_shared(self) -> bool:
        joined = self._join(ID)
        rows, others = joined.one_to_one()
        equal = int((self.both.left.amount[rows] == self.both.right.amount[others]).sum())
        return len(rows) == 0 or equal * SERIAL_AGREEMENT >= len(rows)

    def _comparable(self) -> frozenset[tuple[int, int]]:
        def of(keys: tuple[Ints, Ints, Ints], kind: int) -> Ints:
            values, _, kinds = keys
            chosen: Ints = values[kinds == kind]
            return chosen

        columns = {(a, b) for a in (ID, REFERENCE) for b in (ID, REFERENCE) if self.ids_shared or (a, b) != (ID, ID)}
        return frozenset((a, b) for a, b in columns if comparable(of(self._left, a), of(self._right, b)))

    def _join(self, kind_max: int) -> Join:
        """Keys up to this kind; ids alone against ids alone."""

        def chosen(keys: tuple[Ints, Ints, Ints]) -> Column:
            values, rows, kinds = keys
            take = kinds <= kind_max
            return column(values[take], rows[take])

        if kind_max == ID or self.ids_shared:
            return join(chosen(self._left), chosen(self._right))
        return self._without_serials(chosen(self._left), chosen(self._right))

    def _without_serials(self, left: Column, right: Column) -> Join:
        """Drop the values that are ids on both sides: each file counts for itself."""
        ids = [keys[0][keys[2] == ID] for keys in (self._left, self._right)]
        serials = np.intersect1d(*ids)

        def kept(one: Column) -> Column:
            take = ~np.isin(one.values, serials)
            return Column(one.values[take], one.rows[take])

        return join(kept(left), kept(right))

    def _mark_named(self, joined: Join) -> None:
        """Rows that an identifier ties to few rows of the other side: the amount alone must not pair them with a third.

        Where all of those are taken, and of other amounts, the identifier is likely mistyped: such a row is only `doubted`.
        """
        left, right = self.both.left, self.both.right
        rows_once, others_once = joined.one_to_one()
        open_pairs = left.free[rows_once] | right.free[others_once]
        for row, other in zip(rows_once[open_pairs].tolist(), others_once[open_pairs].tolist(), strict=True):
            self._tie(left, right, [row], [other])
            self._tie(right, left, [other], [row])
        for rows, others in joined.groups():
            if min(len(rows), len(others)) <= CROWD:
                self._tie(left, right, rows, others)
                self._tie(right, left, others, rows)

    def _tie(self, mine: View, theirs: View, rows: list[int], namesakes: list[int]) -> None:
        for row in rows:
            if mine.free[row]:
                if theirs.free[namesakes].any() or (theirs.amount[namesakes] == mine.amount[row]).any():
                    mine.named[row] = True
                else:
                    mine.doubted[row] = True

    def _one_to_one(self, joined: Join) -> None:
        both = self.both
        rows, others = joined.one_to_one()
        fits = both.left.free[rows] & both.right.free[others] & (both.left.amount[rows] == both.right.amount[others])
        fits &= (both.left.currency[rows] == both.right.currency[others]) & both.in_time(rows, others, named=True)
        width = len(both.right) + 1
        rows, others = np.divmod(distinct(rows[fits] * width + others[fits]), width)
        sure = (np.bincount(rows)[rows] == 1) & (np.bincount(others)[others] == 1)
        self.pairs.append((rows[sure], others[sure]))
        both.take(rows[sure], others[sure])

    def _lists(self, joined: Join) -> None:
        """A row that names several of the other side, one identifier each: all of them when they balance."""
        both = self.both
        rows, others = joined.one_to_one()
        free = both.left.free[rows] & both.right.free[others]
        for some, more in listed(rows[free], others[free]):
            if self._balances(list(some), list(more)):
                self._confirm_sum(list(some), list(more))
            else:
                self._near_groups.append((some, more))

    def _balances(self, rows: list[int], others: list[int]) -> bool:
        left, right = self.both.left, self.both.right
        one_currency = len({*left.currency[rows].tolist(), *right.currency[others].tolist()}) == 1
        return one_currency and bool(left.amount[rows].sum() == right.amount[others].sum()) and self._all_near(rows, others)

    def _group(self, left: list[int], right: list[int]) -> None:
        """Rows under one reference: equal amounts first, then sums."""
        both = self.both
        left, right = [n for n in left if both.left.free[n]], [n for n in right if both.right.free[n]]
        by_currency: dict[int, Sum] = defaultdict(lambda: ([], []))
        for n in left:
            by_currency[int(both.left.currency[n])][0].append(n)
        for n in right:
            by_currency[int(both.right.currency[n])][1].append(n)
        for rows, others in by_currency.values():
            if rows and others:
                single = len(rows) == 1 or len(others) == 1
                self._equal_amounts(rows, others, wide=single)
                self._sums([n for n in rows if both.left.free[n]], [n for n in others if both.right.free[n]])
                self._keep_near(rows, others)

    def _keep_near(self, rows: list[int], others: list[int]) -> None:
        """What is left under a reference with a single row on one side: it belongs together, but the amounts do not say so."""
        some = tuple(n for n in rows if self.both.left.free[n] and n not in self.held[0])
        more = tuple(n for n in others if self.both.right.free[n] and n not in self.held[1])
        if some and more and min(len(some), len(more)) == 1:
            self._near_groups.append((some, more))

    def _equal_amounts(self, rows: list[int], others: list[int], *, wide: bool) -> None:
        by_amount: dict[int, Sum] = defaultdict(lambda: ([], []))
        for n in rows:
            by_amount[int(self.both.left.amount[n])][0].append(n)
        for n in others:
            by_amount[int(self.both.right.amount[n])][1].append(n)
        for some, more in by_amount.values():
            if some and more:
                self._nearest(some, more, wide=wide)

    def _nearest(self, rows: list[int], others: list[int], *, wide: bool) -> None:
        """Same reference, same amount: pair by date, nearest first. What repeats a paired row within its window is a duplicate."""
        both = self.both
        if len(rows) * len(others) > PAIRS_MAX:
            options = self._in_order(_by_day(both.left.day, rows), _by_day(both.right.day, others), wide=wide)
        else:
            options = sorted(((a, b) for a in rows for b in others), key=lambda pair: (abs(both.apart(*pair)), pair))
        paired: list[tuple[int, int]] = []
        for row, other in options:
            if both.left.free[row] and both.right.free[other] and both.near(row, other, named=wide):
                both.take(np.array([row]), np.array([other]))
                paired.append((row, other))
        if paired:
            self.pairs.append((np.array([a for a, _ in paired]), np.array([b for _, b in paired])))
            self._repeats([n for n in rows if both.left.free[n]], paired, 0)
            self._repeats([n for n in others if both.right.free[n]], paired, 1)

    def _in_order(self, rows: list[int], others: list[int], *, wide: bool) -> list[tuple[int, int]]:
        """Rows in the order of their days, each with the first free one in its window."""
        pairs: list[tuple[int, int]] = []
        n = m = 0
        while n < len(rows) and m < len(others):
            if self.both.near(rows[n], others[m], named=wide):
                pairs.append((rows[n], others[m]))
                n, m = n + 1, m + 1
            elif self.both.apart(rows[n], others[m]) < 0:
                m += 1
            else:
                n += 1
        return pairs

    def _repeats(self, left_over: list[int], paired: Sequence[tuple[int, int]], side: int) -> None:
        days = (self.both.left, self.both.right)[side].banking_day
        twins = sorted((int(days[pair[side]]), pair[side]) for pair in paired)
        for row in left_over:
            day = int(days[row])
            place = bisect_left(twins, (day, -1))
            apart, _, twin = min((abs(other - day), place, n) for other, n in twins[max(place - 1, 0) : place + 1])
            if not self.both.dated or apart <= self.both.terms.days_after:
                self.duplicates[side].append(Duplicate(row, twin))
                self.held[side].add(row)

    def _sums(self, rows: list[int], others: list[int]) -> None:
        """One to many and many to one: the whole group when it balances, else the only subset that does."""
        both = self.both
        if not rows or not others or len(rows) + len(others) < 3:
            return
        left, right = both.left.amount[rows], both.right.amount[others]
        if left.sum() == right.sum() and self._all_near(rows, others):
            self._confirm_sum(rows, others)
        elif len(others) == 1:
            chosen = self._only_subset(left, int(right[0]))
            if chosen and self._all_near(few := [rows[i] for i in chosen], others):
                self._confirm_sum(few, others)
        elif len(rows) == 1:
            chosen = self._only_subset(right, int(left[0]))
            if chosen and self._all_near(rows, few := [others[i] for i in chosen]):
                self._confirm_sum(rows, few)

    def _only_subset(self, amounts: Ints, target: int) -> tuple[int, ...]:
        values = [abs(int(value)) for value in amounts]
        if len({bool(value > 0) for value in amounts} | {target > 0}) > 1:
            return ()
        answers = exact_subsets(values, abs(target), 2)
        return answers[0] if len(answers) == 1 else ()

    def _all_near(self, rows: list[int], others: list[int]) -> bool:
        return all(self.both.near(row, other, named=True) for row in rows for other in others[:CROWD])

    def _confirm_sum(self, rows: list[int], others: list[int]) -> None:
        self.both.take(np.array(rows), np.array(others))
        score, words = evidence(named=True, in_time=True, amount="sum")
        self.groups.append(Group(State.MATCHED, Pass.SUBSET, tuple(rows), tuple(others), score, words))

    def _still_free(self, *joins: Join) -> list[Members]:
        """Rows that an identifier ties together while something else differs, each once; the stronger kind of key first."""
        found: list[Members] = []
        seen: tuple[set[int], set[int]] = (set(), set())
        for joined in joins:
            rows, others = joined.one_to_one()
            free = self.both.left.free[rows] & self.both.right.free[others]
            pairs = sorted(zip(rows[free].tolist(), others[free].tolist(), strict=True))
            for some, more in self._near_groups + [((row,), (other,)) for row, other in pairs]:
                fresh = seen[0].isdisjoint(some) and seen[1].isdisjoint(more)
                if fresh and self.both.left.free[list(some)].all() and self.both.right.free[list(more)].all():
                    found.append((some, more))
                    seen[0].update(some)
                    seen[1].update(more)
        return found


def _by_day(days: Ints, rows: list[int]) -> list[int]:
    return sorted(rows, key=lambda n: (int(days[n]), n))
