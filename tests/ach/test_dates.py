"""Dates in six digits, and days of the year in three."""

import pytest

from ach.dates import is_date, is_day_of_year

DATES = """
260101  yes
280229  yes
270229  no
261301  no
000229  yes
2601    no
26010١  no
"""
DAYS = """
001  yes
366  yes
000  no
367  no
99   no
１２３  no
"""


@pytest.mark.parametrize("row", DATES.strip().splitlines())
def test_a_date(row: str) -> None:
    text, verdict = row.split()
    assert is_date(text) is (verdict == "yes")


@pytest.mark.parametrize("row", DAYS.strip().splitlines())
def test_a_day_of_the_year(row: str) -> None:
    text, verdict = row.split()
    assert is_day_of_year(text) is (verdict == "yes")
