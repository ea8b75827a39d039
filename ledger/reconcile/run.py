"""All passes over two files, in order, each taking what it is sure of."""

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from ledger.matching.outcome import Differs, Pass, Reason, State
from ledger.matching.score import AMOUNT_POINTS, DATE_POINTS, REFERENCE_POINTS
from ledger.matching.terms import Fee
from ledger.reconcile import lags
from ledger.reconcile.alike import Word, identifiers
from ledger.reconcile.explained import explain
from ledger.reconcile.named import Named
from ledger.reconcile.near_amounts import near_amounts
from ledger.reconcile.net_amounts import net_amounts
from ledger.reconcile.party_sums import party_sums
from ledger.reconcile.proposed_sums import proposed_sums
from ledger.reconcile.result import Duplicate, Group, evidence
from ledger.reconcile.side import Ints, Side
from ledger.reconcile.sums import day_sums
from ledger.reconcile.terms import FileTerms
from ledger.reconcile.unique import Unique
from ledger.reconcile.view import Both

CANDIDATES_SHOWN = 10


class Run(Struct, frozen=True):
    """The outcome. Every readable row is in exactly one confirmed pair or group, or free."""

    both: Both
    pairs: tuple[tuple[Ints, Ints, Pass], ...]
    """confirmed one-to-one pairs in bulk"""
    groups: tuple[Group, ...]
    """the other confirmed ones"""
    proposals: tuple[Group, ...]
    """for a person: PROPOSED, AMBIGUOUS, MISMATCHED"""
    duplicates: tuple[tuple[Duplicate, ...], tuple[Duplicate, ...]]
    learned: tuple[Fee, ...]

    def confirmed(self) -> Iterator[Group]:
        """Every confirmed group, pairs first."""
        for rows, others, rule in self.pairs:
            timely = self.both.in_time(rows, others, named=rule is Pass.REFERENCE).tolist()
            words = {known: evidence(named=rule is Pass.REFERENCE, in_time=known) for known in (True, False)}
            for row, other, known in zip(rows.tolist(), others.tolist(), timely, strict=True):
                score, agreed = words[known and self.both.dated]
                yield Group(State.MATCHED, rule, (row,), (other,), score, agreed)
        yield from self.groups


def reconcile(left: Side, right: Side, terms: FileTerms) -> Run:
    """Match the left file (the ledger) with the right one (the bank). The answer does not depend on hashing or chance."""
    both = Both(left, right, terms)
    named = Named(both)
    both.terms = lags.learned(both, named.pairs)
    held = (set(named.held[0]), set(named.held[1]))
    explained, proposals, learned = explain(both, named.near)
    unique = Unique(both, named)
    proposals += [_typo(both, *pair) for pair in unique.alike]
    proposals += [_disagreeing(both, named, *pair) for pair in unique.near]
    _hold(held, proposals)
    fees = (*terms.fees, *learned)
    net, likely = net_amounts(both, unique, held, fees)
    summed = day_sums(both, held, fees)
    by_party, perhaps = party_sums(both, (held[0] | _rows(likely, 0), held[1] | _rows(likely, 1)))
    proposals += [group for group in likely if _all_free(both, group.left, group.right)]
    proposals += perhaps
    proposals += [_ambiguous(*component) for component in unique.ambiguous if _all_free(both, *component)]
    _hold(held, proposals)
    proposals += [_sum(rows, others) for rows, others in proposed_sums(both, held)]
    _hold(held, proposals)
    proposals += near_amounts(both, held, fees)
    pairs = [(rows, others, Pass.REFERENCE) for rows, others in named.pairs if len(rows)]
    if unique.pairs:
        rows, others = (np.array(some, np.int64) for some in zip(*sorted(unique.pairs), strict=True))
        pairs.append((rows, others, Pass.UNIQUE_AMOUNT))
    return Run(
        both,
        tuple(pairs),
        (*named.groups, *explained, *net, *summed, *by_party),
        tuple(proposals),
        (tuple(named.duplicates[0]), tuple(named.duplicates[1])),
        learned,
    )


def _rows(groups: Sequence[Group], side: int) -> set[int]:
    return {n for group in groups for n in (group.left, group.right)[side]}


def _hold(held: tuple[set[int], set[int]], proposals: list[Group]) -> None:
    for group in proposals:
        held[0].update(group.left)
        held[1].update(group.right)


def _all_free(both: Both, rows: Sequence[int], others: Sequence[int]) -> bool:
    return bool(both.left.free[list(rows)].any() and both.right.free[list(others)].any())


def _typo(both: Both, row: int, other: int) -> Group:
    left, right = both.left.side.row(row), both.right.side.row(other)
    mine, theirs = (next((value for value in texts.references if value), texts.id) for texts in (left, right))
    score, words = evidence(named=False, in_time=True)
    points = REFERENCE_POINTS * 4 // 5
    reason = Reason(Differs.REFERENCE, "reference", mine, theirs, 1, points)
    return Group(State.PROPOSED, Pass.FUZZY, (row,), (other,), score + points, (f"reference {points}", *words), (reason,))


def _disagreeing(both: Both, named: Named, row: int, other: int) -> Group:
    left, right = both.left.side.row(row), both.right.side.row(other)
    score, words = evidence(named=False, in_time=True)
    if identifiers(left, right, named.comparable) is Word.AGAINST or both.left.doubted[row] or both.right.doubted[other]:
        mine, theirs = (next((value for value in texts.references if value), texts.id) for texts in (left, right))
        reason = Reason(Differs.REFERENCE, "reference", mine, theirs)
    else:
        reason = Reason(Differs.PATIENT, "name", left.name or left.text, right.name or right.text)
    return Group(State.MISMATCHED, Pass.UNIQUE_AMOUNT, (row,), (other,), score, words, (reason,))


def _ambiguous(rows: list[int], others: list[int]) -> Group:
    reason = Reason(Differs.NOT_UNIQUE, "amount", str(len(rows)), str(len(others)))
    score = AMOUNT_POINTS + DATE_POINTS
    return Group(State.AMBIGUOUS, Pass.UNIQUE_AMOUNT, tuple(rows), tuple(others), score, (), (reason,))


def _sum(rows: tuple[int, ...], others: tuple[int, ...]) -> Group:
    score, words = evidence(named=False, in_time=True, amount="sum")
    return Group(State.PROPOSED, Pass.SUBSET, rows, others, score, words, (Reason(Differs.REFERENCE_BLANK, "reference"),))
