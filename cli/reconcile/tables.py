"""Delimited text: where the table begins under a bank's own heading, what parts its cells, and rows that do not fit it."""

import csv
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TextIO

from ledger.reconcile.cells import is_amount, is_date
from ledger.reconcile.faults import Unread

Cells = Mapping[str, str]

MARKS = ",;\t|"
HEADING_MAX = 30
"""lines that may stand above the names of the columns"""
CELL_MAX = 1 << 20


def table_rows(file: TextIO, is_header: Callable[[Sequence[str]], bool]) -> Iterator[Cells | Unread]:
    """The rows as texts by column. The names of the columns are the first line that `is_header` takes, else the first of all."""
    csv.field_size_limit(CELL_MAX)
    head = list(itertools.islice(file, HEADING_MAX))
    place, mark = _header(head, is_header)
    columns = _different(_parsed(head[place], mark)) if head else []
    width = len(columns)
    for row in csv.reader(itertools.chain(head[place + 1 :], file), delimiter=mark):
        if len(row) > width and any(row[width:]):
            yield Unread(mark.join(row)[:200], f"{len(row)} cells under {width} columns")
        elif any(row):
            yield {k: v.strip() for k, v in zip(columns, row, strict=False)}


def _header(head: Sequence[str], is_header: Callable[[Sequence[str]], bool]) -> tuple[int, str]:
    lines = [(n, line) for n, line in enumerate(head) if line.strip() and not line.lower().startswith("sep=")]
    for n, line in lines:
        mark = _mark(line)
        names = [cell for cell in _parsed(line, mark) if cell]
        if len(names) > 1 and not any(is_amount(name) or is_date(name) for name in names) and is_header(names):
            return n, mark
    return (lines[0][0], _mark(lines[0][1])) if lines else (0, MARKS[0])


def _mark(line: str) -> str:
    return max(MARKS, key=line.count)


def _parsed(line: str, mark: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line], delimiter=mark), [])]


def _different(names: Sequence[str]) -> list[str]:
    """The names, a repeated one with its number."""
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told
