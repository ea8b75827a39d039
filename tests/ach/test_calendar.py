"""The Federal Reserve's days, held to dates worked out by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ach.calendar import (
    add_banking_days,
    banking_days_between,
    first_banking_day_after,
    holidays_of,
    is_banking_day,
    roll_back,
    roll_forward,
)

OPEN = """
2021-12-24  Friday before a Saturday Christmas
2021-12-31  Friday before a Saturday New Year
2023-11-10  Friday before a Saturday Veterans Day
2026-07-03  Friday before a Saturday Independence Day
2027-06-18  Friday before a Saturday Juneteenth
2027-12-24  Friday before a Saturday Christmas
2027-12-31  Friday before a Saturday New Year
"""

CLOSED = """
2022-06-20  Monday after a Sunday Juneteenth
2022-12-26  Monday after a Sunday Christmas
2023-01-02  Monday after a Sunday New Year
2026-01-01  New Year's Day
2026-01-19  Martin Luther King Day
2026-02-16  Presidents Day
2026-05-25  Memorial Day
2026-06-19  Juneteenth
2026-07-04  a Saturday
2026-09-07  Labor Day
2026-10-12  Columbus Day
2026-11-11  Veterans Day
2026-11-26  Thanksgiving
2026-12-25  Christmas
2027-07-05  Monday after a Sunday Independence Day
2026-11-22  a Sunday
"""

STEPS = """
from        banking days   gives
2026-07-02        1        2026-07-03
2026-07-02        2        2026-07-06
2026-06-18        1        2026-06-22
2026-06-20        0        2026-06-22
2026-06-20        1        2026-06-22
2026-06-22       -1        2026-06-18
2026-06-21       -1        2026-06-18
2022-12-23        1        2022-12-27
2026-11-25        2        2026-11-30
"""


def days(table: str) -> list[date]:
    return [date.fromisoformat(line.split()[0]) for line in table.strip().splitlines()]


@pytest.mark.parametrize("day", days(OPEN), ids=str)
def test_the_fed_is_open(day: date) -> None:
    assert is_banking_day(day)


@pytest.mark.parametrize("day", days(CLOSED), ids=str)
def test_the_fed_is_closed(day: date) -> None:
    assert not is_banking_day(day)


def test_steps_skip_weekends_and_holidays() -> None:
    for line in STEPS.strip().splitlines()[1:]:
        start, count, expected = line.split()
        assert add_banking_days(date.fromisoformat(start), int(count)).isoformat() == expected, line


def test_every_year_has_eleven_holidays_since_juneteenth() -> None:
    assert all(len(holidays_of(year)) in (10, 11, 12) for year in range(2022, 2040))
    assert len(holidays_of(2026)) == 11


ANY_DAY = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(ANY_DAY, st.integers(1, 40))
def test_forward_then_back_returns_to_a_banking_day(day: date, count: int) -> None:
    start = roll_forward(day)
    there = add_banking_days(start, count)
    assert is_banking_day(there)
    assert add_banking_days(there, -count) == start
    assert banking_days_between(start, there) == count


@given(ANY_DAY)
def test_rolling_moves_at_most_four_days(day: date) -> None:
    assert timedelta(0) <= roll_forward(day) - day <= timedelta(days=4)
    assert timedelta(0) <= day - roll_back(day) <= timedelta(days=4)
    assert first_banking_day_after(day) > day
