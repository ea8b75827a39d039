"""Amounts less a known fee, without a reference: exact to the cent, and the only ones of their kind."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from ledger.matching.outcome import Pass, State
from ledger.matching.terms import Fee
from ledger.reconcile.figures import UNITS_PER_CENT, decimal
from ledger.reconcile.joins import column, composite, join
from ledger.reconcile.result import Group, amount_reason, evidence
from ledger.reconcile.side import Ints
from ledger.reconcile.unique import Unique
from ledger.reconcile.view import Both, View

Held = tuple[set[int], set[int]]
BASIS = 10_000


def net_amounts(both: Both, unique: Unique, held: Held, fees: Sequence[Fee]) -> tuple[list[Group], list[Group]]:
    """Confirmed where the row itself states the fee and nothing speaks against the pair; proposed where a schedule explains it."""
    confirmed = [_group(both, pair, words, State.MATCHED) for pair, words in _stated(both, held) if not unique.against(*pair)]
    for group in confirmed:
        both.take(np.array(group.left), np.array(group.right))
    return confirmed, _proposed(both, held, fees)


def _stated(both: Both, held: Held) -> Iterator[tuple[tuple[int, int], str]]:
    """Pairs that agree once the fee in one of the two rows is counted, on whichever side it stands."""
    left, right = (_open(view, rows) for view, rows in zip((both.left, both.right), held, strict=True))
    given = both.left.fee[left] > 0, both.right.fee[right] > 0
    net = both.left.amount[left] - _sign(both.left.amount[left]) * both.left.fee[left]
    gross = both.right.amount[right] + _sign(both.right.amount[right]) * both.right.fee[right]
    found = _pairs(both, left[given[0]], net[given[0]], right, both.right.amount[right])
    found |= _pairs(both, left, both.left.amount[left], right[given[1]], gross[given[1]])
    for row, other in _single(found):
        fee = int(both.right.fee[other]) or int(both.left.fee[row])
        yield (row, other), f"fee stated in the rows {decimal(fee)}"


def _proposed(both: Both, held: Held, fees: Sequence[Fee]) -> list[Group]:
    left, right = (_open(view, rows) for view, rows in zip((both.left, both.right), held, strict=True))
    left = left[both.left.amount[left] % UNITS_PER_CENT == 0]
    cents = np.abs(both.left.amount[left]) // UNITS_PER_CENT
    explained: dict[tuple[int, int], str] = {}
    for fee in fees:
        kept = fee.flat_cents + (cents * fee.basis_points + BASIS // 2) // BASIS
        sensible = (kept > 0) & (kept < cents)
        net = _sign(both.left.amount[left]) * (cents - kept) * UNITS_PER_CENT
        for pair in _pairs(both, left[sensible], net[sensible], right, both.right.amount[right]):
            explained.setdefault(
                pair, f"fee {fee.name} {decimal(fee.of(abs(int(both.left.amount[pair[0]])) // UNITS_PER_CENT) * UNITS_PER_CENT)}"
            )
    return [_group(both, pair, explained[pair], State.PROPOSED) for pair in _single(set(explained))]


def _pairs(both: Both, left: Ints, net: Ints, right: Ints, paid: Ints) -> set[tuple[int, int]]:
    """Rows of one amount, in the window, that are alone with it on both sides."""
    mine, theirs = composite(net, both.left.currency[left]), composite(paid, both.right.currency[right])
    rows, others = join(column(mine, left), column(theirs, right)).one_to_one()
    fits = both.in_time(rows, others, named=False)
    return set(zip(rows[fits].tolist(), others[fits].tolist(), strict=True))


def _sign(amounts: Ints) -> Ints:
    signs: Ints = np.where(amounts < 0, -1, 1)
    return signs


def _single(pairs: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs of rows that are in no other pair."""
    rows, others = Counter(row for row, _ in pairs), Counter(other for _, other in pairs)
    return sorted(pair for pair in pairs if rows[pair[0]] == others[pair[1]] == 1)


def _group(both: Both, pair: tuple[int, int], words: str, state: State) -> Group:
    score, agreed = evidence(named=False, in_time=True, amount="net amount")
    members = (pair[0],), (pair[1],)
    return Group(state, Pass.FEE, *members, score, (*agreed, words), (amount_reason(both, *members),))


def _open(view: View, held: set[int]) -> Ints:
    take = view.free & ~view.named & (view.amount != 0)
    take[list(held)] = False
    rows: Ints = np.flatnonzero(take)
    return rows
