"""Delimited text: where the table begins under a bank's own heading, what parts its cells, and rows that do not fit it."""

import csv
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    for row in _parsed_rows(_Lines(itertools.chain(head[place + 1 :], file)), mark, width):
        if isinstance(row, Unread):
            yield row
        elif len(row) > width and any(row[width:]):
            yield Unread(mark.join(row)[:200], f"{len(row)} cells under {width} columns")
        elif any(row):
            yield {k: v.strip() for k, v in zip(columns, row, strict=False)}


class _Lines:
    """Lines, with those read since the last row at hand, so that they can be read again."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.since: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.since.append(line)
        return line

    def back_to_second(self) -> str:
        """Give back all lines but the first, which is returned."""
        first, *rest = self.since
        self._again.extendleft(reversed(rest))
        return first


def _parsed_rows(lines: _Lines, mark: str, width: int) -> Iterator[list[str] | Unread]:
    """The cells of every row. A quotation mark that is not closed spoils its own line alone, not those that it would swallow."""
    reader = csv.reader(lines, delimiter=mark)
    while True:
        lines.since.clear()
        try:
            row = next(reader, None)
        except csv.Error:
            row = []
        if row is None:
            return
        if row and not (len(lines.since) > 1 and _swallowed(row, mark, width)):
            yield row
        elif len(lines.since) > 1 or (lines.since and lines.since[0].strip()):
            yield Unread(lines.back_to_second().strip()[:200], "a quotation mark is not closed, or a cell is too long")
            reader = csv.reader(lines, delimiter=mark)


def _swallowed(row: Sequence[str], mark: str, width: int) -> bool:
    """Whether a cell over several lines holds what are rows of their own."""
    whole = (line.count(mark) >= width - 1 for cell in row if "\n" in cell or "\r" in cell for line in cell.splitlines()[1:])
    return (width > 2 and any(whole)) or len(row) < width


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
