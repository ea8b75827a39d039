"""When things happen, in New York's time."""

from datetime import date
from random import Random

import pytest

from ach.calendar import is_banking_day
from ach.zone import to_new_york
from simulator import hours

MONTHS_BEFORE = """
2026-11-23 |  4 | 2026-07-23
2026-03-31 |  1 | 2026-02-28
2024-03-31 |  1 | 2024-02-29
2026-01-15 |  1 | 2025-12-15
2026-12-01 | 24 | 2024-12-01
2026-01-31 | 13 | 2024-12-31
"""


@pytest.mark.parametrize("line", MONTHS_BEFORE.strip().splitlines())
def test_months_before_keeps_the_day_or_takes_the_last_of_the_month(line: str) -> None:
    day, months, earlier = (cell.strip() for cell in line.split("|"))
    assert hours.months_before(date.fromisoformat(day), int(months)) == date.fromisoformat(earlier)


def test_an_instant_is_new_yorks_wall_clock() -> None:
    at_ms = hours.instant(date(2026, 7, 1), 8, 30)
    assert to_new_york(at_ms).isoformat() == "2026-07-01T08:30:00-04:00"
    assert hours.day_of(at_ms) == date(2026, 7, 1)


def test_waking_and_office_hours_stay_within_their_bounds() -> None:
    rng, day = Random(3), date(2026, 7, 1)
    for _ in range(500):
        assert 8 <= to_new_york(hours.waking_hours(rng, day)).hour < 22
        assert 8 <= to_new_york(hours.office_hours(rng, day)).hour < 18


@pytest.mark.parametrize(
    ("held", "earliest"),
    [
        ((date(2026, 7, 1), 10), (date(2026, 7, 1), 10)),  # a Wednesday morning: at once
        ((date(2026, 7, 1), 22), (date(2026, 7, 2), 8)),  # in the evening: next morning
        ((date(2026, 7, 1), 3), (date(2026, 7, 1), 8)),  # at night: the same morning
        ((date(2026, 7, 4), 12), (date(2026, 7, 6), 8)),  # a Saturday: Monday
    ],
)
def test_office_work_is_done_in_office_hours_of_a_banking_day(held: tuple[date, int], earliest: tuple[date, int]) -> None:
    rng = Random(1)
    done_ms = hours.next_office_instant(rng, hours.instant(*held), 20 * hours.MINUTE_MS)
    assert hours.instant(*earliest) <= done_ms < hours.instant(*earliest) + 2 * hours.HOUR_MS
    assert is_banking_day(hours.day_of(done_ms))
