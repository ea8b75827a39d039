"""ClickHouse in memory: tables that drop a block under a token they know, and may take one long after its sender has given up."""

import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from sinks.clickhouse.resume import Stored
from sinks.clickhouse.rows import JOURNAL_RECORDS, POSITION_BITS, Insert

_LATE = ("before", "behind", "late")


class RecordRow(NamedTuple):
    """One row of `journal_records`, as far as the sink asks for it."""

    sequence: int
    offset: int
    previous: str
    hash: str


class Tables:
    """`filler.Filled` without a database. `mishap` says how an insert goes wrong, empty for not at all."""

    def __init__(self, mishap: Callable[[Sequence[str]], str]) -> None:
        self._mishap = mishap
        self._tokens: set[tuple[str, str]] = set()
        self.positions: defaultdict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
        """rows by table: how often each (partition, position) is there"""
        self.records: defaultdict[int, list[RecordRow]] = defaultdict(list)
        self.late: list[tuple[Insert, str]] = []
        """inserts that their senders believe failed"""

    def insert(self, part: Insert, token: str) -> None:
        """Take a block's share, unless the token is known. Raises TimeoutError when the answer is lost, whatever has become of it."""
        how = self._mishap(_LATE)
        if how == "late":
            self.late.append((part, token))
        elif how != "before":
            self.take(part, token)
        if how:
            raise TimeoutError("no answer")

    def take(self, part: Insert, token: str) -> None:
        """The block arrives."""
        if (part.table, token) in self._tokens:
            return
        self._tokens.add((part.table, token))
        at = _skip_head(part.data)
        partitions, at = _numbers(part.data, at, "H", part.rows)
        positions, at = _numbers(part.data, at, "Q", part.rows)
        self.positions[part.table].update(zip(partitions, positions, strict=True))
        if part.table == JOURNAL_RECORDS:
            offsets, at = _numbers(part.data, at, "Q", part.rows)
            previous, at = _texts(part.data, at, part.rows)
            hashes, _ = _texts(part.data, at, part.rows)
            for partition, sequence, offset, before, own in zip(partitions, positions, offsets, previous, hashes, strict=True):
                self.records[partition].append(RecordRow(sequence, offset, before, own))

    def stored(self, partitions: Iterable[int]) -> dict[int, Stored]:
        """What `journal_records` holds of these partitions."""
        found = {}
        for partition in partitions:
            if rows := self.records[partition]:
                last = max(rows)
                found[partition] = Stored(len(rows), last.sequence, last.offset, last.hash)
        return found

    def rows_from(self, partition: int, sequence: int) -> int:
        """How many rows of other tables are of this record or later ones."""
        return sum(
            count
            for table, rows in self.positions.items()
            if table != JOURNAL_RECORDS
            for (number, position), count in rows.items()
            if number == partition and position >= sequence << POSITION_BITS
        )


def _skip_head(data: bytes) -> int:
    """Behind the numbers of columns and rows."""
    return _varint(data, _varint(data, 0)[1])[1]


def _skip_names(data: bytes, at: int) -> int:
    """Behind a column's name and type."""
    for _ in range(2):
        length, at = _varint(data, at)
        at += length
    return at


def _numbers(data: bytes, at: int, code: str, rows: int) -> tuple[tuple[int, ...], int]:
    at = _skip_names(data, at)
    layout = struct.Struct(f"<{rows}{code}")
    return layout.unpack_from(data, at), at + layout.size


def _texts(data: bytes, at: int, rows: int) -> tuple[list[str], int]:
    at = _skip_names(data, at)
    found = []
    for _ in range(rows):
        length, at = _varint(data, at)
        found.append(data[at : at + length].decode())
        at += length
    return found, at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7
