"""Both files side by side: signs, currencies and calendars brought together, and which rows are still free."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from ledger.reconcile.joins import count_among, distinct
from ledger.reconcile.side import Ints, Side, align_currencies
from ledger.reconcile.terms import FileTerms, IsBankingDay

Bools = NDArray[np.bool_]

AGREEING_SHARE = 5
"""a column pair is comparable when at least one value in five occurs on the other side"""


class View:
    """The arrays of one side, in the terms of both."""

    def __init__(self, side: Side, amount: Ints, currency: Ints, banking_day: Ints) -> None:
        self.side = side
        self.amount = amount
        self.fee = side.fee
        self.currency = currency
        self.day = side.day
        self.banking_day = banking_day
        self.party = side.party
        self.free: Bools = np.ones(len(side), np.bool_)
        """not in a confirmed group"""
        self.named: Bools = np.zeros(len(side), np.bool_)
        """one of its own identifiers occurs on the other side"""
        self.doubted: Bools = np.zeros(len(side), np.bool_)
        """the same, but those rows are taken and of other amounts"""

    def __len__(self) -> int:
        return len(self.amount)


class Both:
    """Left and right with the questions that concern a pair of rows."""

    def __init__(self, left: Side, right: Side, terms: FileTerms) -> None:
        self.terms = terms
        self.sign = _sign(left.amount, right.amount) if terms.sign == "auto" else terms.sign
        amounts = _oriented(left.amount, right.amount, self.sign)
        currencies = align_currencies(left, right)
        numbers = _banking_days(left.day, right.day, terms.is_banking_day)
        self.left = View(left, amounts[0], currencies[0], numbers[0])
        self.right = View(right, amounts[1], currencies[1], numbers[1])
        self.dated = bool(left.layout.date and right.layout.date)
        self.parties_comparable = comparable(self.left.party, self.right.party)

    def in_time(self, rows: Ints, others: Ints, *, named: bool) -> Bools:
        """For each pair of a left and a right row: whether their dates lie in the window; without dates in both files, always."""
        if not self.dated:
            return np.ones(len(rows), np.bool_)
        terms = self.terms
        before, after = (terms.named_days_before, terms.named_days_after) if named else (terms.days_before, terms.days_after)
        apart = self.right.banking_day[others] - self.left.banking_day[rows]
        known = (self.left.day[rows] > 0) & (self.right.day[others] > 0)
        return known & (apart >= -before) & (apart <= after)

    def near(self, row: int, other: int, *, named: bool = False) -> bool:
        """The same for one pair."""
        if not self.dated:
            return True
        if not (self.left.day[row] and self.right.day[other]):
            return False
        terms = self.terms
        before, after = (terms.named_days_before, terms.named_days_after) if named else (terms.days_before, terms.days_after)
        return bool(-before <= self.right.banking_day[other] - self.left.banking_day[row] <= after)

    def apart(self, row: int, other: int) -> int:
        """Banking days from the left row to the right one."""
        return int(self.right.banking_day[other] - self.left.banking_day[row])

    def take(self, rows: Ints, others: Ints) -> None:
        """These rows are matched."""
        assert self.left.free[rows].all(), "a row belongs to one confirmed group"
        assert self.right.free[others].all(), "a row belongs to one confirmed group"
        self.left.free[rows] = False
        self.right.free[others] = False


def comparable(left: Ints, right: Ints) -> bool:
    """Whether two columns of identifiers name the same things: enough of the known values of the smaller one occur in the other."""
    known_left, known_right = distinct(left[left != 0]), distinct(right[right != 0])
    shared = count_among(known_left, known_right)
    return shared > 0 and shared * AGREEING_SHARE >= min(len(known_left), len(known_right))


def _sign(left: Ints, right: Ints) -> str:
    """How the signs relate, by how many of the left amounts occur on the right as they are, negated, or without sign."""
    known = distinct(right)
    same, opposite = count_among(left, known), count_among(-left, known)
    absolute = count_among(np.abs(left), distinct(np.abs(right)))
    one_sided = bool((left >= 0).all() or (left <= 0).all()) != bool((right >= 0).all() or (right <= 0).all())
    if one_sided and absolute > max(same, opposite) * 1.2:
        return "absolute"
    return "opposite" if opposite > 2 * same else "same"


def _oriented(left: Ints, right: Ints, sign: str) -> tuple[Ints, Ints]:
    if sign == "absolute":
        return np.abs(left), np.abs(right)
    return left, -right if sign == "opposite" else right


def _banking_days(left: Ints, right: Ints, is_banking_day: IsBankingDay) -> tuple[Ints, Ints]:
    """Running number of the last banking day up to each date."""
    known = np.concatenate([left[left > 0], right[right > 0]])
    if not len(known):
        return np.zeros(len(left), np.int64), np.zeros(len(right), np.int64)
    first, last = int(known.min()), int(known.max())
    open_days = [is_banking_day(date.fromordinal(day)) for day in range(first, last + 1)]
    running = np.cumsum(np.array(open_days, np.int64))
    return running[np.maximum(left - first, 0)], running[np.maximum(right - first, 0)]
