"""Dates as files write them."""

import pytest

from ledger.reconcile.dates import DateFormat, day_number, detect, iso, stray_day


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("2026-01-05", "ISO", "2026-01-05"),
        ("2026/1/5", "ISO", "2026-01-05"),
        ("2026-01-05T23:59:59-05:00", "ISO", "2026-01-05"),
        ("01/05/2026", "US", "2026-01-05"),
        ("1/5/26 10:30", "US", "2026-01-05"),
        ("05.01.2026", "EU", "2026-01-05"),
        ("20260105", "YYYYMMDD", "2026-01-05"),
        ("5 Jan 2026", "D MON Y", "2026-01-05"),
        ("05-JAN-26", "D MON Y", "2026-01-05"),
        ("January 5, 2026", "MON D Y", "2026-01-05"),
        ("1767571200", "EPOCH", "2026-01-05"),
        ("1767571200000", "EPOCH", "2026-01-05"),
        ("46027", "EXCEL", "2026-01-05"),
        ("46027.75", "EXCEL", "2026-01-05"),
        ("Monday, January 5, 2026", "MON D Y", "2026-01-05"),
        ("Jan-05-2026", "MON D Y", "2026-01-05"),
        ("2026-02-30", "ISO", ""),
        ("13/01/2026", "US", ""),
        ("0202-01-05", "ISO", ""),
        ("5 Foo 2026", "D MON Y", ""),
        ("soon", "ISO", ""),
    ],
)
def test_a_date_in_a_format(text: str, form: str, day: str) -> None:
    assert iso(day_number(text, form) or 0) == day


def test_a_column_tells_its_format_and_says_when_it_does_not() -> None:
    assert detect(["01/05/2026", "01/25/2026"]) == DateFormat("US")
    assert detect(["01/05/2026", "25/01/2026"]) == DateFormat("EU", ()) or detect(["25/01/2026", "26/01/2026"]) == DateFormat("EU")
    assert detect(["01/05/2026", "02/05/2026"]) == DateFormat("US", ("EU",))
    assert detect(["01.05.2026"]) == detect(["01/05/2026"], decimal_comma=True) == DateFormat("EU", ("US",))
    assert detect(["01/03/2026", "02/03/2026", "05/03/2026", "12/03/2026"]) == DateFormat("EU", ("US",))
    assert detect(["03/01/2026", "03/02/2026", "03/05/2026", "03/12/2026"]) == DateFormat("US", ("EU",))
    assert detect(["2026-01-05", "2026-01-06", "2026-01-07", "06/01/2026", "25/01/2026"]) == DateFormat("ISO", (), "EU")
    assert detect(["2026-01-05", "2026-01-06", "06/01/2026"]) == DateFormat("ISO")
    assert detect(["2026-01-05"]) == DateFormat("ISO")
    assert detect([]) == DateFormat("ISO")


@pytest.mark.parametrize(
    ("text", "column", "day"),
    [
        ("5 Jan 2026", "ISO", "2026-01-05"),
        ("25/01/2026", "ISO", "2026-01-25"),
        ("05/01/2026", "ISO", ""),  # January or May: nobody knows
        ("25/01/2026", "US", "2026-01-25"),
        ("46027", "ISO", ""),
        ("31/31/2026", "ISO", ""),
    ],
)
def test_a_cell_in_another_form_than_its_column_counts_where_it_has_one_reading(text: str, column: str, day: str) -> None:
    assert iso(stray_day(text, column) or 0) == day


def test_a_stray_date_follows_the_others_that_are_astray() -> None:
    assert iso(stray_day("05/01/2026", "ISO", "EU") or 0) == "2026-01-05"
    assert iso(stray_day("05/01/2026", "ISO", "US") or 0) == "2026-05-01"
    assert iso(stray_day("5 Jan 2026", "ISO", "US") or 0) == "2026-01-05"
