"""Months that clamp, rolling to banking days, day counts."""

from datetime import date, timedelta
from fractions import Fraction
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.dates import DayCount, Roll, add_months, rolled, year_fraction

MONTHS = """
from        months  anchor  gives
2025-01-31  1       0       2025-02-28
2024-01-31  1       0       2024-02-29
2025-01-31  2       0       2025-03-31
2025-02-28  1       31      2025-03-31
2025-02-28  1       0       2025-03-28
2025-12-15  1       0       2026-01-15
2025-03-31  -1      0       2025-02-28
2025-08-31  18      0       2027-02-28
"""

ROLLS = """
day         roll                 gives
2026-07-04  none                 2026-07-04
2026-07-04  following            2026-07-06
2026-07-04  preceding            2026-07-03
2026-01-31  following            2026-02-02
2026-01-31  modified_following   2026-01-30
2026-01-01  following            2026-01-02
2026-01-02  preceding            2026-01-02
"""

COUNTS = """
start       end         30/360   actual/365  actual/360
2026-01-01  2026-02-01  30/360   31/365      31/360
2026-01-31  2026-02-28  28/360   28/365      28/360
2026-01-30  2026-03-31  60/360   60/365      60/360
2026-01-15  2026-01-31  16/360   16/365      16/360
2024-02-28  2024-03-01  3/360    2/365       2/360
2026-05-05  2026-05-05  0/360    0/365       0/360
"""


def is_banking_day(day: date) -> bool:
    """Week days, New Year's Day excepted."""
    return day.weekday() < 5 and (day.month, day.day) != (1, 1)


@pytest.mark.parametrize("case", MONTHS.strip().splitlines()[1:])
def test_months(case: str) -> None:
    start, months, anchor, gives = case.split()
    assert add_months(date.fromisoformat(start), int(months), int(anchor)) == date.fromisoformat(gives)


@pytest.mark.parametrize("case", ROLLS.strip().splitlines()[1:])
def test_rolls(case: str) -> None:
    day, roll, gives = case.split()
    assert rolled(date.fromisoformat(day), cast("Roll", roll), is_banking_day) == date.fromisoformat(gives)


def test_a_calendar_without_banking_days_is_refused() -> None:
    with pytest.raises(ValueError, match="no banking day"):
        rolled(date(2026, 1, 1), "following", lambda _: False)


@pytest.mark.parametrize("case", COUNTS.strip().splitlines()[1:])
def test_day_counts(case: str) -> None:
    start, end, *expected = case.split()
    counts: tuple[DayCount, ...] = ("30/360", "actual/365", "actual/360")
    found = [year_fraction(date.fromisoformat(start), date.fromisoformat(end), count) for count in counts]
    assert found == [Fraction(cell) for cell in expected]


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 600))
def test_adding_months_lands_in_the_month_wished_for(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
