"""ClickHouse's Native format, column by column: of all formats it costs the least CPU on both sides (measured by `bench/rows.py`).

The header of a column names its type; the server converts `String` to `LowCardinality(String)` by itself.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from clickhouse_connect.driver.ctypes import data_conv

DAYS_MAX: Final = 65_535
"""ClickHouse's `Date` ends on 2149-06-06."""
MS_MAX: Final = 4_102_444_799_999
"""Instants are kept between 1970 and 2100: what lies outside can only be a producer's mistake, and must not stop the ledger."""
_WORDS_MAX: Final = 10_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class ColumnType(NamedTuple):
    """How values of one column are written. `blank` is the value of a row that has none."""

    name: str
    blank: Any
    encode: Callable[[Sequence[Any]], bytes | bytearray]


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
        raw = word.encode()
        found = varint(len(raw)) + raw
        if len(self) >= _WORDS_MAX:
            self.clear()
        self[word] = found
        return found


days = _Days()
_words = _Words()


def _numbers(code: str) -> Callable[[Sequence[int]], bytes]:
    def encode(values: Sequence[int]) -> bytes:
        return array(code, values).tobytes()

    return encode


def _text(values: Sequence[str]) -> bytearray:
    out = bytearray()
    if data_conv.write_str_col(values, False, "utf-8", out):
        raise TypeError("a text column holds something that is no text")
    return out


def _word(values: Sequence[str]) -> bytes:
    return b"".join(map(_words.__getitem__, values))


def _texts(values: Sequence[Sequence[str]]) -> bytes:
    ends, end = [], 0
    for value in values:
        end += len(value)
        ends.append(end)
    return array("Q", ends).tobytes() + _text([text for value in values for text in value])


def _integers(values: Sequence[Sequence[int]]) -> bytes:
    ends, end = [], 0
    for value in values:
        end += len(value)
        ends.append(end)
    return array("Q", ends).tobytes() + array("q", [number for value in values for number in value]).tobytes()


def _maybe_day(values: Sequence[str]) -> bytes:
    return bytes([not value for value in values]) + array("H", [days[value] if value else 0 for value in values]).tobytes()


def _maybe_ms(values: Sequence[int]) -> bytes:
    return bytes([not value for value in values]) + array("q", [clamp_ms(value) for value in values]).tobytes()


BOOL = ColumnType("Bool", False, _numbers("B"))
UINT16 = ColumnType("UInt16", 0, _numbers("H"))
UINT32 = ColumnType("UInt32", 0, _numbers("I"))
UINT64 = ColumnType("UInt64", 0, _numbers("Q"))
INT32 = ColumnType("Int32", 0, _numbers("i"))
INT64 = ColumnType("Int64", 0, _numbers("q"))
INTEGERS = ColumnType("Array(Int64)", (), _integers)
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
TEXTS = ColumnType("Array(String)", (), _texts)


def block(columns: Iterable[tuple[Column, Sequence[Any]]], rows: int) -> bytearray:
    """One Native block of `rows` rows."""
    given = list(columns)
    out = bytearray(varint(len(given)) + varint(rows))
    for column, values in given:
        assert len(values) == rows, f"{column.name}: {len(values)} values for {rows} rows"
        out += _words[column.name]
        out += _words[column.type.name]
        out += column.type.encode(values)
    return out
