"""Journal records to rows: one pure function of the record, kept by table until the block is full."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, Final, NamedTuple

import msgspec

from journal.chain import Accepted
from ledger.effects import DeadLettered, Effect, Refused
from ledger.record import Entry
from sinks.clickhouse.layout import COMMON, TABLES, Const, Field, Made, Table
from sinks.clickhouse.native import DAY, INTEGERS, MS, TEXT, TEXTS, UINT16, UINT32, UINT64, WORD, Column, block, clamp_ms, days

POSITION_BITS: Final = 20
"""A record is at most a megabyte, and neither entry nor effect is shorter than two bytes: their number needs less than 20 bits."""
JOURNAL_RECORDS: Final = "journal_records"
INPUTS: Final = "inputs"

_RECORD_COLUMNS = tuple(
    Column(name, kind)
    for name, kind in {
        "partition": UINT16,
        "sequence": UINT64,
        "offset": UINT64,
        "previous": TEXT,
        "hash": TEXT,
        "recorded_at": MS,
        "sources": TEXTS,
        "next": INTEGERS,
        "done": UINT32,
        "entries": UINT32,
        "effects": UINT32,
        "bytes": UINT32,
    }.items()
)
_INPUT_COLUMNS = tuple(
    Column(name, kind)
    for name, kind in {
        "partition": UINT16,
        "position": UINT64,
        "source_topic": WORD,
        "source_offset": UINT64,
        "at": MS,
        "recorded_at": MS,
        "business_date": DAY,
        "credit_reference": TEXT,
        "event_id": TEXT,
        "type": WORD,
        "outcome": WORD,
        "reason": WORD,
        "about": TEXT,
        "detail": TEXT,
    }.items()
)

Head = tuple[str, int, int, int, int, str]
"""source topic, source offset, at, recorded at, business date, credit reference"""
Row = tuple[int, int, Head, Effect]
"""position, ordinal, what all rows of the entry have in common, the effect"""


class Insert(NamedTuple):
    """What one table gets of a block, in ClickHouse's Native format."""

    table: str
    columns: tuple[str, ...]
    rows: int
    data: bytearray


class Rows:
    """Rows of whole records of one partition. `business_date` gives the ISO banking day of an instant in epoch milliseconds."""

    def __init__(self, partition: int, business_date: Callable[[int], str]) -> None:
        self._partition = partition
        self._business_date = business_date
        self._records: list[tuple[Any, ...]] = []
        self._inputs: list[tuple[Any, ...]] = []
        self._effects: dict[type[Effect], list[Row]] = {kind: [] for table in TABLES for kind in table.kinds}

    def add(self, accepted: Accepted) -> None:
        """Take the rows of one record. Raises ChainError when it can't be decoded."""
        record = accepted.record()
        recorded_ms = clamp_ms(record.at_ms)
        base = number = record.sequence << POSITION_BITS
        before: tuple[int, int] | None = None
        for entry in record.entries:
            at_ms = clamp_ms(entry.at_ms)
            head = (record.sources[entry.source], entry.offset, at_ms, recorded_ms, days[self._business_date(at_ms)], entry.account)
            if entry.ordinal == 0 and (entry.source, entry.offset) != before:
                self._inputs.append(_input(self._partition, number, head, entry))
            before = (entry.source, entry.offset)
            ordinal = entry.ordinal
            for effect in entry.effects:
                number += 1
                self._effects[type(effect)].append((number, ordinal, head, effect))
                ordinal += 1
            number += 1
        assert number - base < 1 << POSITION_BITS, f"record {record.sequence} has too many effects"
        effects = number - base - len(record.entries)
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
                effects,
                len(accepted.value),
            )
        )

    @property
    def count(self) -> int:
        """Rows so far, over all tables."""
        return len(self._records) + len(self._inputs) + sum(map(len, self._effects.values()))

    def inserts(self) -> Iterator[Insert]:
        """The inserts, one for each table that gets any row; the journal's own table comes last, as the sign that the block is whole."""
        for table in TABLES:
            insert = self._of_effects(table)
            if insert is not None:
                yield insert
        if self._inputs:
            yield _insert(INPUTS, _INPUT_COLUMNS, list(zip(*self._inputs, strict=True)), len(self._inputs))
        yield _insert(JOURNAL_RECORDS, _RECORD_COLUMNS, list(zip(*self._records, strict=True)), len(self._records))

    def _of_effects(self, table: Table) -> Insert | None:
        kinds = [kind for kind in table.kinds if self._effects[kind]]
        rows = [row for kind in kinds for row in self._effects[kind]]
        if not rows:
            return None
        positions, ordinals, heads, _ = zip(*rows, strict=True)
        values: list[Sequence[Any]] = [[self._partition] * len(rows), positions, ordinals, *zip(*heads, strict=True)]
        by_kind = [(len(self._effects[kind]), [row[3] for row in self._effects[kind]], _SOURCES[table.name, kind]) for kind in kinds]
        values += [
            _values([(count, effects, sources[number]) for count, effects, sources in by_kind]) for number in range(len(table.columns))
        ]
        return _insert(table.name, (*COMMON, *table.columns), values, len(rows))


_Getter = Callable[[Any], Any]


def _sources(table: Table, kind: type[Effect]) -> list[Const | _Getter]:
    """For each column of the table how its value comes out of such an effect."""
    fields = {field.name for field in msgspec.structs.fields(kind)}
    found: list[Const | _Getter] = []
    for column in table.columns:
        match table.kinds[kind].get(column.name):
            case Const() as const:
                found.append(const)
            case Field(name):
                found.append(attrgetter(name))
            case Made(of):
                found.append(of)
            case None:
                found.append(attrgetter(column.name) if column.name in fields else Const(column.type.blank))
    return found


_SOURCES = {(table.name, kind): _sources(table, kind) for table in TABLES for kind in table.kinds}


def _values(parts: list[tuple[int, list[Effect], Const | _Getter]]) -> list[Any]:
    return list(
        chain.from_iterable(
            repeat(source.value, count) if isinstance(source, Const) else map(source, effects) for count, effects, source in parts
        )
    )


def _insert(table: str, columns: tuple[Column, ...], values: Sequence[Sequence[Any]], rows: int) -> Insert:
    names = tuple(column.name for column in columns)
    return Insert(table, names, rows, block(zip(columns, values, strict=True), rows))


def _input(partition: int, position: int, head: Head, entry: Entry) -> tuple[Any, ...]:
    first = entry.effects[0] if entry.effects else None
    match first:
        case Refused(reason, about, detail):
            outcome = ("refused", reason, about, detail)
        case DeadLettered(code, detail):
            outcome = ("dead", code, "", detail)
        case _:
            outcome = ("posted", "", "", "")
    return (partition, position, *head, entry.event_id, entry.type, *outcome)
