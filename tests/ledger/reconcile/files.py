"""Small files as text, and what a run says of them, as text."""

import csv
import io

from ledger.reconcile.layout import Layout, complete
from ledger.reconcile.report import RowRecord, group_records, row_records
from ledger.reconcile.run import Run, reconcile
from ledger.reconcile.side import Side
from ledger.reconcile.terms import FileTerms

TERMS = FileTerms()


def side(text: str, given: Layout | None = None) -> Side:
    """A CSV text with blanks around its cells."""
    lines = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text.strip()))]
    headers, rows = lines[0], [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    read = Side(complete(given or Layout(), headers, rows))
    read.extend(rows)
    return read


def run(left: str, right: str, terms: FileTerms = TERMS) -> Run:
    return reconcile(side(left), side(right), terms)


def matched(found: Run) -> set[str]:
    """`L1+L2 = R1 exact_sum` for every confirmed group."""
    records = group_records(found, found.confirmed())
    return {f"{'+'.join(sorted(r.left_ids))} = {'+'.join(sorted(r.right_ids))} {r.rule}" for r in records}


def proposed(found: Run) -> set[str]:
    """`PROPOSED L1 = R1: AMOUNT_DIFFERS` for every group that a person is asked about."""
    told = set()
    for record in group_records(found, found.proposals):
        reasons = ", ".join(reason.code for reason in record.reasons)
        told.add(f"{record.state} {'+'.join(sorted(record.left_ids))} = {'+'.join(sorted(record.right_ids))}: {reasons}")
    return told


def left_out(found: Run) -> dict[str, str]:
    """State and reasons of every row that is in no confirmed group."""
    return {f"{r.side} {r.id or r.row}": _words(r) for left in (True, False) for r in row_records(found, left=left)}


def _words(record: RowRecord) -> str:
    return f"{record.state}: {', '.join(reason.code for reason in record.reasons)}"
