"""Pay-outs without a reference: all rows of a day, or of a weekend and its Monday, that together are one row of the other side."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from ledger.matching.outcome import Pass, State
from ledger.matching.terms import Fee
from ledger.reconcile.figures import UNITS_PER_CENT, decimal
from ledger.reconcile.result import Group, amount_reason, evidence
from ledger.reconcile.side import Ints
from ledger.reconcile.view import Both, View

ROWS_MAX = 100_000
Key = tuple[int, int, int]


def day_sums(both: Both, held: tuple[set[int], set[int]], fees: Sequence[Fee] = ()) -> list[Group]:
    """N:1 and 1:N: the whole day's open rows (or all of one party's) make an amount that is open once in the window.

    A whole day is not a choice among many subsets, so an exact sum of it, or of it less the known fees, is no accident. Two answers
    decide nothing.
    """
    if not both.dated:
        return []
    found: list[Group] = []
    for many_left in (True, False):
        found.extend(_one_way(both, held, fees, many_left=many_left))
    return found


def _one_way(both: Both, held: tuple[set[int], set[int]], fees: Sequence[Fee], *, many_left: bool) -> list[Group]:
    left, right = _open(both.left, held[0]), _open(both.right, held[1])
    many, single = (left, right) if many_left else (right, left)
    many_view, single_view = (both.left, both.right) if many_left else (both.right, both.left)
    by_amount: dict[tuple[int, int], list[int]] = defaultdict(list)
    for n in single.tolist():
        by_amount[int(single_view.amount[n]), int(single_view.currency[n])].append(n)
    answers: dict[tuple[int, ...], list[int]] = {}
    said: dict[tuple[int, ...], str] = {}
    for rows in _days(both, many_view, many):
        currency = int(many_view.currency[rows[0]])
        for total, fee in _totals(many_view, rows, fees if many_left else ()):
            fits = [n for n in by_amount.get((total, currency), ()) if _all_near(both, rows, n, many_left=many_left)]
            if fits:
                answers[tuple(rows)], said[tuple(rows)] = fits, fee
                break
    claims = Counter(n for fits in answers.values() for n in fits)
    groups: list[Group] = []
    for summed, fits in answers.items():
        one: tuple[int, ...] = (fits[0],)
        if len(fits) == 1 and claims[fits[0]] == 1 and many_view.free[list(summed)].all():
            some, more = (summed, one) if many_left else (one, summed)
            both.take(np.array(some), np.array(more))
            score, words = evidence(named=False, in_time=True, amount="sum of a day")
            told = (said[summed],) if said[summed] else ()
            reasons = (amount_reason(both, some, more),) if told else ()
            groups.append(Group(State.MATCHED, Pass.FEE if told else Pass.SUBSET, some, more, score, (*words, *told), reasons))
    return groups


def _totals(view: View, rows: list[int], fees: Sequence[Fee]) -> Iterator[tuple[int, str]]:
    """What the rows come to: in full, less the fees that they state, less each known fee on every one of them."""
    amounts = view.amount[rows]
    total, sign = int(amounts.sum()), 1 if int(amounts[0]) > 0 else -1
    yield total, ""
    if stated := int(view.fee[rows].sum()):
        yield total - sign * stated, f"fees stated in the rows {decimal(stated)}"
    if fees and not (amounts % UNITS_PER_CENT).any():
        cents = [abs(amount) // UNITS_PER_CENT for amount in amounts.tolist()]
        for fee in fees:
            kept = sum(map(fee.of, cents)) * UNITS_PER_CENT
            yield total - sign * kept, f"fee {fee.name} {decimal(kept)}"


def _all_near(both: Both, rows: list[int], other: int, *, many_left: bool) -> bool:
    return all(both.near(*((row, other) if many_left else (other, row))) for row in (rows[0], rows[-1]))


def _open(view: View, held: set[int]) -> Ints:
    take = view.free & ~view.named & (view.amount != 0) & (view.day > 0)
    take[list(held)] = False
    rows: Ints = np.flatnonzero(take)
    return rows


def _days(both: Both, view: View, rows: Ints) -> list[list[int]]:
    """Two or more open rows of one day, currency and sign; then of a banking day with the closed days before it; then by party."""
    by_day: dict[Key, list[int]] = defaultdict(list)
    by_banking_day: dict[Key, list[int]] = defaultdict(list)
    by_party: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for n in rows.tolist():
        key = int(view.day[n]), int(view.currency[n]), int(view.amount[n] > 0)
        by_day[key].append(n)
        closed = not _is_open(both, key[0])
        by_banking_day[int(view.banking_day[n]) + closed, key[1], key[2]].append(n)
        if view.party[n]:
            by_party[*key, int(view.party[n])].append(n)
    whole = [group for _, group in sorted(by_day.items()) if 2 <= len(group) <= ROWS_MAX]
    rolled = [sorted(group, key=lambda n: (int(view.day[n]), n)) for _, group in sorted(by_banking_day.items())]
    parts = sorted(group for group in by_party.values() if len(group) >= 2)
    days = {tuple(group) for group in whole}
    weekends = [group for group in rolled if view.day[group[0]] != view.day[group[-1]] and len(group) <= ROWS_MAX]
    return whole + weekends + [group for group in parts if tuple(group) not in days]


def _is_open(both: Both, day: int) -> bool:
    return both.terms.is_banking_day(date.fromordinal(day))
