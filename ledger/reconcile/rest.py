"""Rows that nothing was found for: why not, field by field."""

from collections.abc import Iterator

import numpy as np

from ledger.matching.outcome import Differs, Reason
from ledger.matching.reference import normalize
from ledger.matching.subsets import CANDIDATES_MAX
from ledger.reconcile import dates
from ledger.reconcile.figures import UNITS_PER_CENT, decimal
from ledger.reconcile.joins import composite
from ledger.reconcile.side import Ints, label
from ledger.reconcile.view import Both, View


def reasons(both: Both, rows: Ints, *, left: bool) -> Iterator[tuple[int, tuple[Reason, ...]]]:
    """For each row the nearest thing on the other side: the same amount outside the window or taken, or the nearest amount."""
    mine, theirs = (both.left, both.right) if left else (both.right, both.left)
    order = np.argsort(composite(theirs.amount, theirs.currency), kind="stable")
    sorted_values = composite(theirs.amount, theirs.currency)[order]
    wanted = composite(mine.amount[rows], mine.currency[rows])
    first, last = np.searchsorted(sorted_values, wanted, "left"), np.searchsorted(sorted_values, wanted, "right")
    for row, start, end in zip(rows.tolist(), first.tolist(), last.tolist(), strict=True):
        texts = mine.side.row(row)
        reference = next((value for value in texts.references if value), texts.id if not mine.side.layout.reference else "")
        code = Differs.REFERENCE if normalize(reference) else Differs.REFERENCE_BLANK
        named = Reason(code, "reference", *_sides(reference, "", left=left))
        if end > start:
            near = order[start:end] if end - start <= CANDIDATES_MAX else order[start : start + CANDIDATES_MAX]
            yield row, (named, _same_amount(both, mine, theirs, row, near, left=left))
        else:
            yield row, (named, _nearest_amount(mine, theirs, row, order, start, left=left))


def _same_amount(both: Both, mine: View, theirs: View, row: int, near: Ints, *, left: bool) -> Reason:
    free = [n for n in near.tolist() if theirs.free[n]]
    if not free:
        return Reason(Differs.TAKEN, "amount", *_sides(decimal(int(mine.amount[row])), str(len(near)), left=left))
    day = int(mine.day[row])
    nearest = min(free, key=lambda n: (abs(int(theirs.day[n]) - day), n))
    other = int(theirs.day[nearest])
    if both.near(*((row, nearest) if left else (nearest, row))):
        name = label(theirs.side.row(nearest))
        return Reason(Differs.TAKEN, "amount", *_sides(decimal(int(mine.amount[row])), name, left=left))
    delta = (other - day if left else day - other) if day and other else 0
    return Reason(Differs.DATE, "date", *_sides(dates.iso(day), dates.iso(other), left=left), delta)


def _nearest_amount(mine: View, theirs: View, row: int, order: Ints, place: int, *, left: bool) -> Reason:
    amount = int(mine.amount[row])
    options = [int(order[n]) for n in (place - 1, place) if 0 <= n < len(order)]
    same = [n for n in options if theirs.currency[n] == mine.currency[row]]
    if not same:
        code = Differs.CURRENCY if options else Differs.AMOUNT
        return Reason(code, "currency" if options else "amount", *_sides(decimal(amount), "", left=left))
    nearest = min((int(theirs.amount[n]) for n in same), key=lambda other: (abs(other - amount), other))
    delta = (nearest - amount if left else amount - nearest) // UNITS_PER_CENT
    return Reason(Differs.AMOUNT, "amount", *_sides(decimal(amount), decimal(nearest), left=left), delta)


def _sides(mine: str, theirs: str, *, left: bool) -> tuple[str, str]:
    return (mine, theirs) if left else (theirs, mine)
