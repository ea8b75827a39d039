"""Joining two sorted columns: which keys both sides have, and which rows of each side lie under them."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ledger.reconcile.side import Ints


class Column(NamedTuple):
    """Values and the rows they belong to, sorted by value, then row."""

    values: Ints
    rows: Ints


class Join(NamedTuple):
    """For every value that both columns have: where its rows begin and how many there are, left and right."""

    left: Column
    right: Column
    left_start: Ints
    left_count: Ints
    right_start: Ints
    right_count: Ints

    def one_to_one(self) -> tuple[Ints, Ints]:
        """Left and right rows of the values that occur once on each side."""
        once = (self.left_count == 1) & (self.right_count == 1)
        return self.left.rows[self.left_start[once]], self.right.rows[self.right_start[once]]

    def groups(self) -> Iterator[tuple[list[int], list[int]]]:
        """The rows under every other value: smallest groups first, then by their first rows, whatever the values are."""
        many = np.flatnonzero(self.left_count + self.right_count > 2)
        first_left, first_right = self.left.rows[self.left_start[many]], self.right.rows[self.right_start[many]]
        size = self.left_count[many] + self.right_count[many]
        for n in many[np.lexsort((first_right, first_left, size))]:
            left, right = self.left_start[n], self.right_start[n]
            yield (
                self.left.rows[left : left + self.left_count[n]].tolist(),
                self.right.rows[right : right + self.right_count[n]].tolist(),
            )


def column(values: Ints, rows: Ints) -> Column:
    """Sorted; a row under the same value twice counts once."""
    order = np.lexsort((rows, values))
    values, rows = values[order], rows[order]
    if len(values) > 1:
        new = np.ones(len(values), np.bool_)
        new[1:] = (values[1:] != values[:-1]) | (rows[1:] != rows[:-1])
        values, rows = values[new], rows[new]
    return Column(values, rows)


def join(left: Column, right: Column) -> Join:
    """All values that occur in both columns."""
    left_values, left_start, left_count = _runs(left.values)
    right_values, right_start, right_count = _runs(right.values)
    place = np.searchsorted(right_values, left_values)
    found = place < len(right_values)
    found[found] = right_values[place[found]] == left_values[found]
    there = place[found]
    return Join(left, right, left_start[found], left_count[found], right_start[there], right_count[there])


def _runs(values: Ints) -> tuple[Ints, Ints, Ints]:
    """The different values of a sorted column, where each begins and how often it stands there."""
    if not len(values):
        return values, values, values
    start = np.flatnonzero(np.concatenate([np.ones(1, np.bool_), values[1:] != values[:-1]]))
    return values[start], start, np.diff(np.append(start, len(values)))


def distinct(values: Ints) -> Ints:
    """The different values, sorted. Sorting is several times faster here than the hash table behind `numpy.unique`."""
    return _runs(np.sort(values))[0]


def count_among(values: Ints, known: Ints) -> int:
    """How many of the values are among the known ones, which are sorted and different."""
    if not len(known):
        return 0
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return int((known[place] == values).sum())


def composite(amount: Ints, currency: Ints) -> Ints:
    """Amount and currency as one value. Exact: amounts are far below 2^53 and there are few currencies."""
    return amount * 1024 + currency
