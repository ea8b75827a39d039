"""How tables are described: columns, and which field of an effect goes where. The tables are in `tables`, their SQL in `migrations`."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from ledger import effects
from sinks.clickhouse.native import (
    DAY,
    INTEGERS,
    MS,
    TEXT,
    TEXTS,
    UINT16,
    UINT32,
    UINT64,
    WORD,
    Column,
    ColumnType,
)


class Const(NamedTuple):
    """The same value in every row."""

    value: Any


class Field(NamedTuple):
    """A field whose name isn't the column's."""

    name: str


class Made(NamedTuple):
    """A value made from the whole effect."""

    of: Callable[[Any], Any]


Source = Const | Field | Made
Getter = Callable[[Any], Any]


class Table(NamedTuple):
    """A table of effects: its own columns, and the effects that become its rows.

    A column takes the effect's field of the same name, or what is given here, or stays blank.
    """

    name: str
    columns: tuple[Column, ...]
    kinds: Mapping[type[effects.Effect], Mapping[str, Source]]


def columns(**types: ColumnType) -> tuple[Column, ...]:
    """Columns by name."""
    return tuple(Column(name, kind) for name, kind in types.items())


COMMON = columns(
    partition=UINT16,
    position=UINT64,
    ordinal=UINT32,
    source_topic=WORD,
    source_offset=UINT64,
    at=MS,
    recorded_at=MS,
    business_date=DAY,
    credit_reference=TEXT,
)
"""Columns that every table of effects begins with."""
INPUT_COLUMNS = (
    *(column for column in COMMON if column.name != "ordinal"),
    *columns(event_id=TEXT, type=WORD, outcome=WORD, reason=WORD, about=TEXT, detail=TEXT),
)
"""The columns of `inputs`, one row an input."""
RECORD_COLUMNS = columns(
    partition=UINT16,
    sequence=UINT64,
    offset=UINT64,
    previous=TEXT,
    hash=TEXT,
    recorded_at=MS,
    sources=TEXTS,
    next=INTEGERS,
    done=UINT32,
    entries=UINT32,
    effects=UINT32,
    bytes=UINT32,
)
"""The columns of `journal_records`, one row a record."""


def as_json(value: Any) -> str:
    """A list as a text column keeps it; empty text for an empty one."""
    return msgspec.json.encode(value).decode() if value else ""


def getters(table: Table, kind: type[effects.Effect]) -> list[Const | Getter]:
    """For each column of the table how its value comes out of such an effect."""
    fields = {field.name for field in msgspec.structs.fields(kind)}
    found: list[Const | Getter] = []
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
