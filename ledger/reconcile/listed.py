"""One row that lists several identifiers: a transfer whose text names three invoices belongs to all three."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ledger.reconcile.joins import distinct
from ledger.reconcile.side import Ints

Members = tuple[tuple[int, ...], tuple[int, ...]]


def listed(rows: Ints, others: Ints) -> Iterator[Members]:
    """Of pairs that an identifier of their own ties together: one row and the two or more that only it names, either way round."""
    if not len(rows):
        return
    width = int(others.max()) + 1
    rows, others = np.divmod(distinct(rows * width + others), width)
    once_left, once_right = np.bincount(rows)[rows] == 1, np.bincount(others)[others] == 1
    yield from ((many, (one,)) for one, many in _stars(others[once_left & ~once_right], rows[once_left & ~once_right], others))
    yield from (((one,), many) for one, many in _stars(rows[once_right & ~once_left], others[once_right & ~once_left], rows))


def _stars(centres: Ints, points: Ints, every: Ints) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each centre with its points, where none of its points has another centre."""
    whole = np.bincount(every)
    order = np.lexsort((points, centres))
    centres, points = centres[order], points[order]
    starts = np.flatnonzero(np.diff(centres, prepend=-1)).tolist()
    for start, end in pairwise((*starts, len(centres))):
        if end - start == whole[centres[start]]:
            yield int(centres[start]), tuple(points[start:end].tolist())
