"""Reading the files of a reconciliation: CSV, JSON, NDJSON, of any size, row by row; every cell is a text."""

import csv
import itertools
import json
import mmap
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

import msgspec
from msgspec.structs import replace

from cli.errors import UserError
from cli.reconcile.encoding import WINDOWS, open_text
from cli.reconcile.mapping import Plan
from cli.reconcile.progress import counted
from cli.reconcile.tables import Cells, table_rows
from ledger.reconcile.faults import Unread
from ledger.reconcile.layout import Layout, complete
from ledger.reconcile.side import Side

SAMPLE_ROWS = 2_000
CHUNK = 1 << 20
_HOLDER = re.compile(r'\{(?:\s*"[^"]*"\s*:\s*(?:"[^"]*"|[-0-9.eE+]+|true|false|null)\s*,)*\s*"[^"]*"\s*:\s*\[')
"""an object whose first list holds the rows"""
_GAP = re.compile(r"[\s,]*")


class Spool:
    """The rows' texts in an unnamed temporary file, so that memory holds only numbers."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `close` ends it; it has no name to leave behind
        self._map: mmap.mmap | None = None

    def append(self, data: bytes) -> None:
        """Add these bytes at the end."""
        self._file.write(data)

    def close(self) -> None:
        """Give the file back."""
        if self._map is not None:
            self._map.close()
        self._file.close()

    def read(self, start: int, end: int) -> bytes:
        """The bytes from start to end; the first call ends the writing."""
        if self._map is None:
            self._file.flush()
            self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._map[start:end]


@contextmanager
def loaded(left: Path, right: Path, plan: Plan, *, quiet: bool) -> Iterator[tuple[Side, Side]]:
    """Both files read; their texts are at hand inside the block. Raises UserError when one is no readable file or has no amounts."""
    with ExitStack() as opened:
        spools = [Spool() for _ in range(2)]
        for spool in spools:
            opened.callback(spool.close)
        yield _read(left, plan.left, spools[0], quiet=quiet), _read(right, plan.right, spools[1], quiet=quiet)


def _read(path: Path, given: Layout, spool: Spool, *, quiet: bool) -> Side:
    with ExitStack() as opened:
        try:
            text, encoding = open_text(path)
            rows = _rows(opened.enter_context(text), path, given)
            sample = list(itertools.islice(rows, SAMPLE_ROWS))
            readable = [row for row in sample if not isinstance(row, Unread)]
            if not readable:
                raise UserError(f"{path} has no rows." if not sample else f"{path} has no readable row; the first: {_fault(sample[0])}.")
            columns = list(dict.fromkeys(itertools.chain.from_iterable(readable)))
            if encoding == WINDOWS:
                given = replace(given, assumed=(*given.assumed, f"{path.name} is no UTF-8; it is read as {WINDOWS}"))
            side = Side(complete(given, columns, readable), spool)
            side.extend(counted(itertools.chain(sample, rows), f"Reading {path.name}", quiet=quiet))
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror or error}.") from error
        except (ValueError, csv.Error) as error:
            raise UserError(f"{path}: {error}.") from error
    return side


def _fault(row: Cells | Unread) -> str:
    return row.why if isinstance(row, Unread) else ""


def _rows(file: TextIO, path: Path, given: Layout) -> Iterator[Cells | Unread]:
    name = path.name.removesuffix(".gz").lower()
    if name.endswith((".ndjson", ".jsonl")):
        return (_line(line) for line in file if line.strip())
    if name.endswith(".json"):
        return _json_rows(file)

    def has_amounts(columns: Sequence[str]) -> bool:
        try:
            complete(given, columns, ())
        except ValueError:
            return False
        return True

    return table_rows(file, has_amounts)


_decode = msgspec.json.Decoder(float_hook=str).decode


def _line(line: str) -> Cells | Unread:
    """One line of NDJSON; a broken one does not stop the others."""
    try:
        return _texts(_decode(line))
    except msgspec.DecodeError as error:
        return Unread(line.strip()[:200], f"no JSON ({error})")


def _json_rows(file: TextIO) -> Iterator[Cells | Unread]:
    """The objects of a JSON file, one after the other: of its first list, or one a line. Numbers keep their digits."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)
    text = file.read(CHUNK)
    start = _first_list(text)
    place = 0 if start is None else start + 1
    while True:
        gap = _GAP.match(text, place)
        place = gap.end() if gap else place
        if start is not None and text.startswith("]", place):
            return
        try:
            row, place = decoder.raw_decode(text, place)
        except ValueError as error:
            chunk = file.read(CHUNK)
            if not chunk and text[place:].strip():
                raise ValueError(f"no JSON: {error}") from error
            if not chunk:
                return
            text, place = text[place:] + chunk, 0
        else:
            yield _texts(row)


def _first_list(text: str) -> int | None:
    """Where the list of rows begins: at the start, or as a value of the object that holds it."""
    blank = len(text) - len(text.lstrip())
    if text.startswith("[", blank):
        return blank
    found = _HOLDER.match(text, blank)
    return found.end() - 1 if found else None


def _texts(row: object) -> Cells | Unread:
    """A JSON object as texts. Numbers keep the digits that stand in the file; nested objects are flattened by name."""
    return _flat(row) if isinstance(row, dict) else Unread(str(row)[:200], "every row must be an object")


def _flat(row: dict[str, object]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{inner}": text for inner, text in _flat(value).items()})
        else:
            flat[key] = "" if value is None else value.strip() if isinstance(value, str) else str(value)
    return flat
