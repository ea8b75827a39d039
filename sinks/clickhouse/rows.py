"""Journal records to rows: one pure function of the record, kept by table until the block is full.

What all rows of an entry have in common is kept once an entry, and spread over its rows by position when the block is written.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from journal.chain import Accepted
from ledger.effects import DeadLettered, Effect, Refused
from ledger.record import Entry
from sinks.clickhouse.layout import COMMON, INPUT_COLUMNS, RECORD_COLUMNS, Const, Getter, Table, getters
from sinks.clickhouse.native import Column, Sections, block, clamp_ms, days, raw, repeated, whole
from sinks.clickhouse.tables import TABLES

POSITION_BITS: Final = 20
"""A record is at most a megabyte, and neither entry nor effect is shorter than two bytes: their number needs less than 20 bits."""
JOURNAL_RECORDS: Final = "journal_records"
INPUTS: Final = "inputs"


class Insert(NamedTuple):
    """What one table gets of a block, in ClickHouse's Native format."""

    table: str
    columns: tuple[str, ...]
    rows: int
    data: bytes


class _Entries:
    """What rows have in common, one item an entry."""

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.ordinals: list[int] = []
        self.topics: list[bytes] = []
        self.offsets: list[int] = []
        self.at_ms: list[int] = []
        self.recorded_ms: list[int] = []
        self.days: list[int] = []
        self.accounts: list[bytes] = []

    def common(self, partition: int, positions: NDArray[np.int64], which: NDArray[np.intp]) -> list[bytes]:
        """Bytes of the columns `COMMON` for rows at these positions; `which` is the index of each row's entry."""
        began, ordinals = np.array(self.positions, np.int64), np.array(self.ordinals, np.int64)
        each = which.tolist()
        return [
            np.full(len(each), partition, np.uint16).tobytes(),
            positions.tobytes(),
            (positions - began[which] - 1 + ordinals[which]).astype(np.uint32).tobytes(),
            b"".join(map(self.topics.__getitem__, each)),
            np.array(self.offsets, np.int64)[which].tobytes(),
            np.array(self.at_ms, np.int64)[which].tobytes(),
            np.array(self.recorded_ms, np.int64)[which].tobytes(),
            np.array(self.days, np.uint16)[which].tobytes(),
            b"".join(map(self.accounts.__getitem__, each)),
        ]


class Rows:
    """Rows of whole records of one partition. `business_date` gives the ISO banking day of an instant in epoch milliseconds."""

    def __init__(self, partition: int, business_date: Callable[[int], str]) -> None:
        self._partition = partition
        self._business_date = business_date
        self._records: list[tuple[Any, ...]] = []
        self._entries = _Entries()
        self._inputs: list[tuple[int, str, str, str, str, str, str]] = []
        self._effects: dict[type[Effect], tuple[list[int], list[Effect]]] = {kind: ([], []) for table in TABLES for kind in table.kinds}

    @property
    def count(self) -> int:
        """Rows so far, over all tables."""
        return len(self._records) + len(self._inputs) + sum(len(positions) for positions, _ in self._effects.values())

    @property
    def events_ms(self) -> Sequence[int]:
        """The instant of each entry's event so far, in epoch milliseconds."""
        return self._entries.at_ms

    def add(self, accepted: Accepted) -> None:
        """Take the rows of one record. Raises ChainError when it can't be decoded."""
        record = accepted.record()
        recorded_ms = clamp_ms(record.at_ms)
        topics = [raw(topic) for topic in record.sources]
        base = position = record.sequence << POSITION_BITS
        kinds = self._effects
        before: tuple[int, int] | None = None
        for entry in record.entries:
            self._enter(entry, position, recorded_ms, topics)
            if entry.ordinal == 0 and (entry.source, entry.offset) != before:
                self._inputs.append((len(self._entries.positions) - 1, entry.event_id, entry.type, *_outcome(entry)))
            before = (entry.source, entry.offset)
            for effect in entry.effects:
                position += 1
                positions, effects = kinds[type(effect)]
                positions.append(position)
                effects.append(effect)
            position += 1
        assert position - base < 1 << POSITION_BITS, f"record {record.sequence} has too many effects"
        self._records.append(
            (
                self._partition,
                record.sequence,
                accepted.offset,
                record.previous,
                accepted.place.link.previous,
                recorded_ms,
                record.sources,
                record.next,
                record.done,
                len(record.entries),
                position - base - len(record.entries),
                len(accepted.value),
            )
        )

    def inserts(self) -> Iterator[Insert]:
        """The inserts, one for each table that gets any row; the journal's own table comes last, as the sign that the block is whole."""
        began = np.array(self._entries.positions, np.int64)
        for table in TABLES:
            kinds = [kind for kind in table.kinds if self._effects[kind][0]]
            if kinds:
                yield self._of_effects(table, kinds, began)
        if self._inputs:
            yield self._of_inputs(began)
        columns = zip(RECORD_COLUMNS, zip(*self._records, strict=True), strict=True)
        yield _insert(JOURNAL_RECORDS, RECORD_COLUMNS, [whole(column, values) for column, values in columns], len(self._records))

    def _enter(self, entry: Entry, position: int, recorded_ms: int, topics: list[bytes]) -> None:
        entries = self._entries
        at_ms = clamp_ms(entry.at_ms)
        entries.positions.append(position)
        entries.ordinals.append(entry.ordinal)
        entries.topics.append(topics[entry.source])
        entries.offsets.append(entry.offset)
        entries.at_ms.append(at_ms)
        entries.recorded_ms.append(recorded_ms)
        entries.days.append(days[self._business_date(at_ms)])
        entries.accounts.append(raw(entry.account))

    def _of_effects(self, table: Table, kinds: list[type[Effect]], began: NDArray[np.int64]) -> Insert:
        positions = np.array(list(chain.from_iterable(self._effects[kind][0] for kind in kinds)), np.int64)
        values = self._entries.common(self._partition, positions, np.searchsorted(began, positions, "right") - 1)
        effects = [self._effects[kind][1] for kind in kinds]
        sources = [_GETTERS[table.name, kind] for kind in kinds]
        values += [_column(column, effects, [each[number] for each in sources]) for number, column in enumerate(table.columns)]
        return _insert(table.name, (*COMMON, *table.columns), values, len(positions))

    def _of_inputs(self, began: NDArray[np.int64]) -> Insert:
        which, *own = zip(*self._inputs, strict=True)
        index = np.array(which, np.intp)
        common = self._entries.common(self._partition, began[index], index)
        del common[2]  # an input has no ordinal
        values = [*common, *(whole(column, each) for column, each in zip(INPUT_COLUMNS[len(common) :], own, strict=True))]
        return _insert(INPUTS, INPUT_COLUMNS, values, len(which))


_GETTERS = {(table.name, kind): getters(table, kind) for table in TABLES for kind in table.kinds}


def _column(column: Column, effects: list[list[Effect]], sources: Sequence[Const | Getter]) -> bytes:
    """Bytes of one column: a run of rows for each kind of effect."""
    kind = column.type
    if not kind.joinable:
        runs = (
            repeat(source.value, len(run)) if isinstance(source, Const) else map(source, run) for run, source in _pairs(effects, sources)
        )
        return whole(column, list(chain.from_iterable(runs)))
    parts: list[Sections] = [
        repeated(kind, source.value, len(run)) if isinstance(source, Const) else kind.encode(list(map(source, run)))
        for run, source in _pairs(effects, sources)
    ]
    return b"".join(chain.from_iterable(zip(*parts, strict=True)))


def _pairs(effects: list[list[Effect]], sources: Sequence[Const | Getter]) -> Iterator[tuple[list[Effect], Const | Getter]]:
    return zip(effects, sources, strict=True)


def _insert(table: str, columns: tuple[Column, ...], values: Sequence[bytes], rows: int) -> Insert:
    names = tuple(column.name for column in columns)
    return Insert(table, names, rows, block(zip(columns, values, strict=True), rows))


def _outcome(entry: Entry) -> tuple[str, str, str, str]:
    """What became of an input: outcome, reason, about, detail."""
    first = entry.effects[0] if entry.effects else None
    match first:
        case Refused(reason, about, detail):
            return ("refused", reason, about, detail)
        case DeadLettered(code, detail):
            return ("dead", code, "", detail)
        case _:
            return ("posted", "", "", "")
