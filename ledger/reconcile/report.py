"""The answer as records for files and programs, and as control totals. Amounts are decimal strings, rows count from 1."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct

from ledger.matching.outcome import Differs, Reason, State
from ledger.reconcile import dates
from ledger.reconcile.figures import decimal
from ledger.reconcile.layout import Layout
from ledger.reconcile.rest import reasons
from ledger.reconcile.result import Group
from ledger.reconcile.run import CANDIDATES_SHOWN, Run
from ledger.reconcile.side import Ints, Side, label
from ledger.reconcile.view import View


class GroupRecord(Struct, frozen=True):
    """One group: confirmed (`matched`), or for a person (`proposed`)."""

    state: str
    rule: str
    score: int
    left_ids: list[str]
    right_ids: list[str]
    left_rows: list[int]
    right_rows: list[int]
    left_amount: str
    right_amount: str
    evidence: tuple[str, ...]
    reasons: tuple[Reason, ...]


class RowRecord(Struct, frozen=True):
    """One row that is in no confirmed group, with everything that stands against it and the rows that come near."""

    side: str
    row: int
    id: str
    date: str
    amount: str
    state: str
    reasons: tuple[Reason, ...]
    candidates: tuple[str, ...] = ()
    fault: str = ""
    """of an unreadable row: what is wrong with which cell, in a sentence"""


class SideTotals(Struct, frozen=True):
    """Control totals of one file: rows and sums of all, of the matched, and of the rest add up."""

    rows: int
    unreadable: int
    matched: int
    unmatched: int
    amount: str
    amount_matched: str
    amount_unmatched: str
    layout: Layout


class Summary(Struct, frozen=True):
    """The counts of a run."""

    left: SideTotals
    right: SideTotals
    groups: dict[str, int]
    """confirmed groups by rule"""
    proposals: dict[str, int]
    """groups for a person by state"""
    match_rate: str
    """matched rows of both files, in percent"""
    sign: str
    fees_learned: tuple[str, ...]
    days: tuple[int, int]
    """banking days before and after the left date, where the amount alone decided"""
    terms: str


def group_records(run: Run, groups: Iterator[Group] | Sequence[Group]) -> Iterator[GroupRecord]:
    """The groups with the names and numbers of their rows. An ambiguous group names at most a hundred rows of each side."""
    left, right = run.both.left, run.both.right
    for group in groups:
        rows, others = group.left, group.right
        mine, theirs = [left.side.row(n) for n in _shown(group, rows)], [right.side.row(n) for n in _shown(group, others)]
        yield GroupRecord(
            group.state,
            group.rule,
            group.score,
            [label(row) for row in mine],
            [label(row) for row in theirs],
            [row.number for row in mine],
            [row.number for row in theirs],
            _sum(left, rows),
            _sum(right, others),
            group.evidence,
            group.reasons,
        )


def row_records(run: Run, *, left: bool) -> Iterator[RowRecord]:
    """Every readable row of one side that is in no confirmed group, once, in the order of the file; then the unreadable ones."""
    mine, theirs = (run.both.left, run.both.right) if left else (run.both.right, run.both.left)
    side = "left" if left else "right"
    told = _told(run, mine, theirs, left=left)
    open_rows: Ints = np.flatnonzero(mine.free)
    silent = np.array([n for n in open_rows.tolist() if n not in told], np.int64)
    others = reasons(run.both, silent, left=left)
    for n in open_rows.tolist():
        state, why, candidates = told[n] if n in told else (State.UNMATCHED, next(others)[1], ())
        row = mine.side.row(n)
        yield RowRecord(side, row.number, label(row), dates.iso(int(mine.day[n])), decimal(int(mine.amount[n])), state, why, candidates)
    for bad in mine.side.bad:
        reason = Reason(Differs.UNREADABLE, bad.column, *((bad.value, "") if left else ("", bad.value)))
        yield RowRecord(side, bad.number, bad.id, "", "", State.UNMATCHED, (reason,), (), bad.sentence())


Told = Mapping[int, tuple[State, tuple[Reason, ...], tuple[str, ...]]]


def _told(run: Run, mine: View, theirs: View, *, left: bool) -> Told:
    """What proposals and duplicates say of the free rows; the first word counts."""
    told: dict[int, tuple[State, tuple[Reason, ...], tuple[str, ...]]] = {}
    for duplicate in run.duplicates[0 if left else 1]:
        twin = label(mine.side.row(duplicate.of))
        told[duplicate.row] = State.DUPLICATE, (Reason(Differs.SEEN, "row", *((twin, "") if left else ("", twin))),), (twin,)
    for group in run.proposals:
        rows, others = (group.left, group.right) if left else (group.right, group.left)
        names = tuple(label(theirs.side.row(n)) for n in others[:CANDIDATES_SHOWN])
        for n in rows:
            if mine.free[n]:
                told.setdefault(n, (group.state, group.reasons, names))
    return told


def summary(run: Run) -> Summary:
    """Counts and control totals."""
    rules: Counter[str] = Counter()
    for rows, _, rule in run.pairs:
        rules[rule] += len(rows)
    rules.update(group.rule for group in run.groups)
    views = (run.both.left, run.both.right)
    total = sum(len(view.side) + len(view.side.bad) for view in views)
    matched = sum(int((~view.free).sum()) for view in views)
    hundredths = matched * 10_000 // total if total else 0
    return Summary(
        _totals(run.both.left),
        _totals(run.both.right),
        dict(sorted(rules.items())),
        dict(sorted(Counter(str(group.state) for group in run.proposals).items())),
        f"{hundredths // 100}.{hundredths % 100:02d}",
        run.both.sign,
        tuple(fee.name for fee in run.learned),
        (run.both.terms.days_before, run.both.terms.days_after),
        run.both.terms.version,
    )


def _totals(view: View) -> SideTotals:
    side: Side = view.side
    matched = ~view.free
    return SideTotals(
        len(side) + len(side.bad),
        len(side.bad),
        int(matched.sum()),
        int(view.free.sum()) + len(side.bad),
        decimal(int(view.amount.sum())),
        decimal(int(view.amount[matched].sum())),
        decimal(int(view.amount[view.free].sum())),
        side.layout,
    )


ROWS_SHOWN = 100


def _shown(group: Group, rows: tuple[int, ...]) -> tuple[int, ...]:
    return rows[:ROWS_SHOWN] if group.state is State.AMBIGUOUS else rows


def _sum(view: View, rows: tuple[int, ...]) -> str:
    return decimal(int(view.amount[rows[0]]) if len(rows) == 1 else sum(int(view.amount[n]) for n in rows))
