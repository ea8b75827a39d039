"""The banking calendar: the days on which the Federal Reserve settles ACH entries.

A holiday on a Saturday leaves the Friday before it open; a holiday on a Sunday closes the Monday after it. Source:
Holidays Observed by the Federal Reserve System (federalreserve.gov, K.8). The dates come from the `holidays` package,
which follows that rule; `tests/ach/test_calendar.py` holds it to days worked out by hand.
"""

from datetime import date, timedelta
from functools import cache

from holidays.financial.federal_reserve import FederalReserve

SATURDAY = 5
ONE_DAY = timedelta(days=1)


@cache
def holidays_of(year: int) -> frozenset[date]:
    """The dates of this year on which the Federal Reserve observes a holiday; none are known before 1999.

    A Saturday holiday is listed on its Saturday, which is closed anyway.
    """
    return frozenset(FederalReserve(years=year))


def is_banking_day(day: date) -> bool:
    """Whether entries settle on this date: Monday to Friday and no holiday."""
    return day.weekday() < SATURDAY and day not in holidays_of(day.year)


def roll_forward(day: date) -> date:
    """The first banking day on or after `day`."""
    while not is_banking_day(day):
        day += ONE_DAY
    return day


def roll_back(day: date) -> date:
    """The last banking day on or before `day`."""
    while not is_banking_day(day):
        day -= ONE_DAY
    return day


def add_banking_days(day: date, count: int) -> date:
    """The date `count` banking days after `day`, or before it when negative; `day` itself need not be one.

    A count of 0 gives `day` rolled forward. From a Saturday, one banking day on is Monday, one back is Friday.
    """
    if count == 0:
        return roll_forward(day)
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_banking_day(day):
            day += step
    return day


def banking_days_between(start: date, end: date) -> int:
    """How many banking days lie after `start` up to and including `end`; 0 when `end` is not after `start`."""
    days = (end - start).days
    return sum(is_banking_day(start + timedelta(days=n)) for n in range(1, days + 1))


def first_banking_day_after(day: date) -> date:
    """The first banking day strictly after `day`."""
    return roll_forward(day + ONE_DAY)
