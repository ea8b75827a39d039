"""Pass 2 for files: an exact amount that only one row of each side has in the window, or that has only one possible assignment."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from ledger.reconcile.alike import NAME_ALIKE, NAME_OTHER, Word, identifiers, names, parties_differ, same_party
from ledger.reconcile.graph import Edges, connected, only_assignment, without
from ledger.reconcile.joins import Column, column, composite, join
from ledger.reconcile.named import Named
from ledger.reconcile.side import Ints, Row
from ledger.reconcile.view import Both, View
from ledger.reconcile.words import distinctive, name_words, shared, words

SAMPLE, SAMPLE_MIN = 200, 10
NAME_COMPARABLE = 60
"""texts are comparable when three sure pairs in four are at least so alike"""
SOME_WORDS, ALIKE, TYPO = 77, 100, 101
"""likeness of texts that share a telling word, of one party, and of references with a typing mistake between them"""
BUCKET_MAX = 60
"""with more rows of one amount inside one window, on both sides, only those of one name are looked at row by row"""


Pairs = list[tuple[int, int]]


class Unique:
    """The pass over equal amounts: confirmed pairs, ambiguous rows with their candidates, and pairs that need a person."""

    def __init__(self, both: Both, named: Named) -> None:
        self.both = both
        self._comparable = named.comparable
        self.pairs: Pairs = []
        self.alike: Pairs = []
        """one of several equal amounts, singled out by a reference with a typing mistake"""
        self.near: Pairs = []
        """equal amount in the window, but the identifiers disagree"""
        self.ambiguous: list[tuple[list[int], list[int]]] = []
        left, right = (_open_amounts(view, rows) for view, rows in zip((both.left, both.right), named.held, strict=True))
        joined = join(left, right)
        rows, others = joined.one_to_one()
        fits = both.in_time(rows, others, named=False)
        self._texts = self._texts_comparable(named, rows[fits], others[fits])
        for row, other in sorted(zip(rows[fits].tolist(), others[fits].tolist(), strict=True)):
            self._judge(row, other)
        for some, more in joined.groups():
            for component in self._components(some, more):
                self._resolve(component)
        if self.pairs:
            both.take(*(np.array(rows) for rows in zip(*self.pairs, strict=True)))

    def _judge(self, row: int, other: int) -> bool:
        """Confirm a pair that is alone with its amount, unless its identifiers speak against it."""
        if self.against(row, other):
            self.near.append((row, other))
            return False
        if self._doubtful(row, other):
            self.alike.append((row, other))
            return False
        self.pairs.append((row, other))
        return True

    def _doubtful(self, row: int, other: int) -> bool:
        """Whether the identifiers are only alike, and the names do not make it sure: then a person is asked."""
        if not self._comparable:
            return False
        rows = self.both.left.side.row(row), self.both.right.side.row(other)
        said = identifiers(*rows, self._comparable)
        if said is Word.SILENT or same_party(self.both, row, other):
            return False
        named = names(*rows) if self._texts else -1
        return named < NAME_ALIKE if said is Word.SLIP else 0 <= named < NAME_OTHER

    def against(self, row: int, other: int) -> bool:
        """Whether parties, identifiers or names say that these two rows do not belong together."""
        if parties_differ(self.both, row, other):
            return True
        if not (self._comparable or self._texts):
            return False
        left, right = self.both.left.side.row(row), self.both.right.side.row(other)
        said = identifiers(left, right, self._comparable)
        if self.both.left.doubted[row] or self.both.right.doubted[other]:
            return said <= Word.SILENT
        return said is Word.AGAINST or (said is Word.SILENT and self._texts and 0 <= names(left, right) < NAME_OTHER)

    def _texts_comparable(self, named: Named, rows: Ints, others: Ints) -> bool:
        """Whether rows that surely belong together mostly have like texts: only then do unlike texts speak against a pair."""
        sure = [(a, b) for some, more in named.pairs for a, b in zip(some[:SAMPLE].tolist(), more[:SAMPLE].tolist(), strict=True)]
        if len(sure) < SAMPLE_MIN:
            sure = list(zip(rows[:SAMPLE].tolist(), others[:SAMPLE].tolist(), strict=True))
        alike = [names(self.both.left.side.row(a), self.both.right.side.row(b)) for a, b in sure[:SAMPLE]]
        known = sorted(value for value in alike if value >= 0)
        return len(known) >= SAMPLE_MIN and known[len(known) // 4] >= NAME_COMPARABLE

    def _components(self, rows: list[int], others: list[int]) -> Iterable[Edges]:
        """Rows of one amount, cut where no window reaches from one to the next. What is too crowded is left ambiguous."""
        for some, more in self._cut(rows, others):
            if not _crowded(some, more):
                yield from self._edges(some, more)
                continue
            rest: tuple[set[int], set[int]] = (set(some), set(more))
            for rows_of, others_of in self._namesakes(some, more):
                if not _crowded(rows_of, others_of):
                    yield from self._edges(rows_of, others_of)
                    rest[0].difference_update(rows_of)
                    rest[1].difference_update(others_of)
            if rest[0] and rest[1]:
                self.ambiguous.append((sorted(rest[0]), sorted(rest[1])))

    def _edges(self, rows: list[int], others: list[int]) -> list[Edges]:
        return connected({row: {other for other in others if self.both.near(row, other)} for row in rows})

    def _namesakes(self, rows: list[int], others: list[int]) -> Iterable[tuple[list[int], list[int]]]:
        """Rows of one amount whose names are the same words: all that can be told of a crowd."""
        by_name: dict[frozenset[str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, (view, some) in enumerate(((self.both.left, rows), (self.both.right, others))):
            for n in some:
                by_name[name_words(view.side.row(n))][side].append(n)
        return [pair for name, pair in by_name.items() if name and pair[0] and pair[1]]

    def _cut(self, rows: list[int], others: list[int]) -> Iterable[tuple[list[int], list[int]]]:
        both = self.both
        if not both.dated:
            yield rows, others
            return
        reach = both.terms.days_before + both.terms.days_after
        marked = [(int(both.left.banking_day[n]), 0, n) for n in rows if both.left.day[n]]
        marked += [(int(both.right.banking_day[n]), 1, n) for n in others if both.right.day[n]]
        marked.sort()
        part: tuple[list[int], list[int]] = ([], [])
        last = marked[0][0] if marked else 0
        for day, side, n in marked:
            if day - last > reach:
                if part[0] and part[1]:
                    yield part
                part = ([], [])
            part[side].append(n)
            last = day
        if part[0] and part[1]:
            yield part

    def _resolve(self, edges: Edges) -> None:
        """One component: alone together; told apart by identifiers and names; or the only way to pair all of them."""
        while edges:
            others = set().union(*edges.values())
            if len(edges) == 1 and len(others) == 1:
                self._judge(next(iter(edges)), next(iter(others)))
                return
            surer, typos = self._told_apart(edges)
            if not surer and not typos:
                break
            self.pairs.extend(surer)
            self.alike.extend(typos)
            surer += typos
            edges = without(edges, surer)
            parts = list(connected(edges))
            if len(parts) > 1:
                for part in parts:
                    self._resolve(part)
                return
        if not edges:
            return
        whole = only_assignment(edges)
        if whole and not any(self.against(*pair) or self._doubtful(*pair) for pair in whole):
            self.pairs.extend(whole)
        else:
            self.ambiguous.append((sorted(edges), sorted(set().union(*edges.values()))))

    def _told_apart(self, edges: Edges) -> tuple[Pairs, Pairs]:
        """Pairs that the texts single out: each is the other's only good candidate, and no other comes near.

        The first are of one name; the second only have references that are alike, which a person confirms.
        """
        left = {row: self.both.left.side.row(row) for row in edges}
        right = {other: self.both.right.side.row(other) for other in set().union(*edges.values())}
        said = (distinctive({n: words(row) for n, row in left.items()}), distinctive({n: words(row) for n, row in right.items()}))
        points = {
            (row, other): self._likeness((row, other), (left[row], right[other]), (said[0][row], said[1][other]))
            for row, more in edges.items()
            for other in more
        }
        by_left: dict[int, list[int]] = defaultdict(list)
        by_right: dict[int, list[int]] = defaultdict(list)
        for (row, other), value in points.items():
            by_left[row].append(value)
            by_right[other].append(value)
        alone = sorted(
            pair for pair, value in points.items() if _stands_out(value, by_left[pair[0]]) and _stands_out(value, by_right[pair[1]])
        )
        told = [pair for pair in alone if points[pair] >= NAME_ALIKE] or [pair for pair in alone if points[pair] == SOME_WORDS]
        return [pair for pair in told if points[pair] <= ALIKE], [pair for pair in told if points[pair] == TYPO]

    def _likeness(self, pair: tuple[int, int], rows: tuple[Row, Row], said: tuple[frozenset[str], frozenset[str]]) -> int:
        """How alike two rows of one amount are: party before identifiers before names before the words that tell rows apart."""
        if parties_differ(self.both, *pair):
            return 0
        identified = identifiers(*rows, self._comparable)
        if identified is not Word.SILENT:
            return TYPO if identified in (Word.TYPO, Word.CUT, Word.SLIP) else 0
        if same_party(self.both, *pair):
            return ALIKE
        named = names(*rows)
        if named >= NAME_ALIKE or (rows[0].name and rows[1].name):
            return named
        common = shared(*said)
        return ALIKE if common and common >= min(map(len, said)) else SOME_WORDS if common else 0


def _crowded(rows: list[int], others: list[int]) -> bool:
    return min(len(rows), len(others)) > BUCKET_MAX or len(rows) * len(others) > BUCKET_MAX**2


def _stands_out(value: int, values: list[int]) -> bool:
    return sum(other >= value - (NAME_ALIKE - NAME_OTHER) // 2 for other in values) == 1


def _open_amounts(view: View, held: set[int]) -> Column:
    """Amounts of the rows that are free, named by nobody and no duplicates; nothing is matched on an amount of zero."""
    take = view.free & ~view.named & (view.amount != 0)
    take[list(held)] = False
    rows: Ints = np.flatnonzero(take)
    return column(composite(view.amount[rows], view.currency[rows]), rows)
