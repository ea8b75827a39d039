"""ClickHouse's Native format, column by column: of all formats it costs the least CPU on both sides (measured by `bench/rows.py`).

The header of a column names its type; the server converts `String` to `LowCardinality(String)` by itself.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import accumulate
from typing import Any, Final, NamedTuple

from clickhouse_connect.driver.ctypes import data_conv

DAYS_MAX: Final = 65_535
"""ClickHouse's `Date` ends on 2149-06-06."""
MS_MAX: Final = 4_102_444_799_999
"""Instants are kept between 1970 and 2100: what lies outside can only be a producer's mistake, and must not stop the ledger."""
_WORDS_MAX: Final = 10_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()


Sections = tuple[bytes | bytearray, ...]
"""A column's bytes: most have one section; a nullable one has the marks of its NULLs, then its values."""


class ColumnType(NamedTuple):
    """How values of one column are written. `blank` is the value of a row that has none."""

    name: str
    blank: Any
    encode: Callable[[Sequence[Any]], Sections]
    joinable: bool = True
    """whether the column of two runs of values is the sections of both, joined"""


class Column(NamedTuple):
    """One column of a table."""

    name: str
    type: ColumnType


def varint(number: int) -> bytes:
    """LEB128, as lengths are written."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def clamp_ms(at_ms: int) -> int:
    """The instant, or the nearest one that the tables can hold."""
    return min(max(at_ms, 0), MS_MAX)


class _Days(dict[str, int]):
    """ISO date to days since 1970, kept within what `Date` holds."""

    def __missing__(self, day: str) -> int:
        found = min(max(date.fromisoformat(day).toordinal() - _EPOCH_DAY, 0), DAYS_MAX)
        if len(self) >= _WORDS_MAX:
            self.clear()
        self[day] = found
        return found


class _Words(dict[str, bytes]):
    """A word to its bytes with their length in front; for columns of few different words."""

    def __missing__(self, word: str) -> bytes:
        found = raw(word)
        if len(self) >= _WORDS_MAX:
            self.clear()
        self[word] = found
        return found


days = _Days()
_words = _Words()
_LENGTHS = tuple(varint(number) for number in range(128))


def _numbers(code: str) -> Callable[[Sequence[int]], Sections]:
    def encode(values: Sequence[int]) -> Sections:
        return (array(code, values).tobytes(),)

    return encode


def _text(values: Sequence[str]) -> Sections:
    out = bytearray()
    if data_conv.write_str_col(values, False, "utf-8", out):
        raise TypeError("a text column holds something that is no text")
    return (out,)


def _word(values: Sequence[str]) -> Sections:
    return (b"".join(map(_words.__getitem__, values)),)


def _ends(values: Sequence[Sequence[Any]]) -> bytes:
    return array("Q", accumulate(map(len, values))).tobytes()


def _texts(values: Sequence[Sequence[str]]) -> Sections:
    return (_ends(values), *_text([text for value in values for text in value]))


def _integers(values: Sequence[Sequence[int]]) -> Sections:
    return (_ends(values), array("q", [number for value in values for number in value]).tobytes())


def _maybe_day(values: Sequence[str]) -> Sections:
    return (bytes([not value for value in values]), array("H", [days[value] if value else 0 for value in values]).tobytes())


def _maybe_ms(values: Sequence[int]) -> Sections:
    return (bytes([not value for value in values]), array("q", [clamp_ms(value) for value in values]).tobytes())


BOOL = ColumnType("Bool", False, _numbers("B"))
UINT16 = ColumnType("UInt16", 0, _numbers("H"))
UINT32 = ColumnType("UInt32", 0, _numbers("I"))
UINT64 = ColumnType("UInt64", 0, _numbers("Q"))
INT64 = ColumnType("Int64", 0, _numbers("q"))
INTEGERS = ColumnType("Array(Int64)", (), _integers, joinable=False)
MS = ColumnType("DateTime64(3, 'UTC')", 0, _numbers("q"))
"""epoch milliseconds, within range already (`clamp_ms`)"""
MAYBE_MS = ColumnType("Nullable(DateTime64(3, 'UTC'))", 0, _maybe_ms)
"""epoch milliseconds; 0 for none"""
DAY = ColumnType("Date", 0, _numbers("H"))
"""days since 1970 (`days`)"""
MAYBE_DAY = ColumnType("Nullable(Date)", "", _maybe_day)
"""ISO date; empty for none"""
TEXT = ColumnType("String", "", _text)
WORD = ColumnType("String", "", _word)
"""one of few different words; the table's column has low cardinality"""
TEXTS = ColumnType("Array(String)", (), _texts, joinable=False)


def raw(text: str) -> bytes:
    """A text with its length in front, as a column holds it."""
    data = text.encode()
    return (_LENGTHS[len(data)] if len(data) < len(_LENGTHS) else varint(len(data))) + data


def whole(column: Column, values: Sequence[Any]) -> bytes:
    """The bytes of a column."""
    return b"".join(column.type.encode(values))


def repeated(kind: ColumnType, value: Any, count: int) -> Sections:
    """The sections of a joinable column that holds one value `count` times."""
    return tuple(section * count for section in kind.encode([value]))


def block(columns: Iterable[tuple[Column, bytes]], rows: int) -> bytes:
    """One Native block of `rows` rows, from the bytes of its columns."""
    parts = []
    for column, data in columns:
        parts += [_words[column.name], _words[column.type.name], data]
    return b"".join([varint(len(parts) // 3), varint(rows), *parts])
