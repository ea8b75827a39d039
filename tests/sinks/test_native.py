"""The Native format as ClickHouse's own client reads it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.clickhouse import native
from sinks.clickhouse.native import Column, ColumnType, block, clamp_ms, days, varint, whole
from tests.sinks.native_reader import read


def rows_of(columns: dict[str, tuple[ColumnType, list[Any]]]) -> list[dict[str, Any]]:
    rows = len(next(iter(columns.values()))[1])
    given_columns = [(Column(name, kind), values) for name, (kind, values) in columns.items()]
    return read(block([(column, whole(column, values)) for column, values in given_columns], rows))


TEXTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=300), min_size=1, max_size=20)


@given(TEXTS)
def test_texts_come_back(values: list[str]) -> None:
    for kind in (native.TEXT, native.WORD):
        rows = rows_of({"value": (kind, values)})
        assert [row["value"] for row in rows] == values


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=9), max_size=4), min_size=1, max_size=20))
def test_lists_of_texts_come_back(values: list[list[str]]) -> None:
    rows = rows_of({"value": (native.TEXTS, values)})
    assert [row["value"] for row in rows] == values


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=20))
def test_amounts_come_back(values: list[int]) -> None:
    rows = rows_of({"value": (native.INT64, values), "list": (native.INTEGERS, [values] * len(values))})
    assert [row["value"] for row in rows] == values
    assert rows[0]["list"] == values


INSTANTS = """
instant in ms             stored
0                         1970-01-01 00:00:00.000
1772463600123             2026-03-02 15:00:00.123
-1                        1970-01-01 00:00:00.000    before the tables begin
-62135596800000           1970-01-01 00:00:00.000    the year 1
4102444799999             2099-12-31 23:59:59.999    the last one
4102444800000             2099-12-31 23:59:59.999
253402300799999           2099-12-31 23:59:59.999    the year 9999
"""


@pytest.mark.parametrize("line", INSTANTS.strip().splitlines()[1:])
def test_instants_stay_within_what_the_tables_hold(line: str) -> None:
    at, day, clock = line.split()[:3]
    wanted = datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=UTC)
    rows = rows_of({"at": (native.MS, [clamp_ms(int(at))]), "due": (native.MAYBE_MS, [int(at)])})
    assert rows[0]["at"].replace(tzinfo=UTC) == wanted
    assert (rows[0]["due"] is None) is (at == "0")
    if rows[0]["due"] is not None:
        assert rows[0]["due"].replace(tzinfo=UTC) == wanted


DATES = """
date          stored
2026-03-02    2026-03-02
1970-01-01    1970-01-01
0001-01-01    1970-01-01
2149-06-06    2149-06-06
9999-12-31    2149-06-06
"""


@pytest.mark.parametrize("line", DATES.strip().splitlines()[1:])
def test_dates_stay_within_what_the_tables_hold(line: str) -> None:
    given_day, stored = line.split()
    rows = rows_of({"day": (native.MAYBE_DAY, [given_day]), "on": (native.DAY, [days[given_day]])})
    assert rows[0] == {"day": date.fromisoformat(stored), "on": date.fromisoformat(stored)}


def test_no_date_is_null() -> None:
    assert rows_of({"day": (native.MAYBE_DAY, ["", "2026-03-02"])})[0]["day"] is None


@given(TEXTS, TEXTS)
def test_a_joinable_column_is_its_runs_joined(first: list[str], second: list[str]) -> None:
    for kind in (native.TEXT, native.WORD):
        parts = zip(kind.encode(first), kind.encode(second), native.repeated(kind, "é", 3), strict=True)
        joined = b"".join(section for sections in parts for section in sections)
        assert joined == whole(Column("value", kind), [*first, *second, "é", "é", "é"])


def test_nulls_are_joined_before_their_values() -> None:
    for kind, value in ((native.MAYBE_DAY, "2026-03-02"), (native.MAYBE_MS, 1_772_463_600_000)):
        parts = zip(kind.encode([value]), native.repeated(kind, kind.blank, 2), strict=True)
        data = b"".join(section for sections in parts for section in sections)
        rows = read(block([(Column("value", kind), data)], 3))
        assert [row["value"] is None for row in rows] == [False, True, True]


def test_lengths_are_written_seven_bits_at_a_time() -> None:
    assert [varint(n).hex() for n in (0, 127, 128, 300, 16_384)] == ["00", "7f", "8001", "ac02", "808001"]


def test_memories_of_words_and_days_are_bounded() -> None:
    for number in range(10_050):
        native.WORD.encode([f"word-{number}"])
    assert len(native._words) <= 10_000
