"""Dates of lending: months that clamp at their end, rolling to banking days, and the two ways to count days."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

IsBankingDay = Callable[[date], bool]
Roll = Literal["none", "following", "preceding", "modified_following"]
"""where a due date goes that is no banking day; modified: following, unless that is in the next month, then preceding"""
DayCount = Literal["30/360", "actual/365", "actual/360"]

_SEARCH_DAYS = 14


def add_months(day: date, months: int, anchor_day: int = 0) -> date:
    """The same day so many months later, or the month's last day where there is no such day.

    `anchor_day` is the day of the month wished for; 0 means that of `day`. With it a plan that starts on the 31st is back on the 31st in
    March, whatever February did.
    """
    month_index = day.year * 12 + day.month - 1 + months
    year, month = divmod(month_index, 12)
    return date(year, month + 1, min(anchor_day or day.day, monthrange(year, month + 1)[1]))


def rolled(day: date, roll: Roll, is_banking_day: IsBankingDay) -> date:
    """The day itself if it is a banking day or is not to be moved, else the nearest banking day in the wished direction.

    Raises ValueError when there is none within two weeks, which no calendar of the Federal Reserve knows.
    """
    if roll == "none" or is_banking_day(day):
        return day
    if roll == "preceding":
        return _search(day, -1, is_banking_day)
    following = _search(day, 1, is_banking_day)
    if roll == "modified_following" and following.month != day.month:
        return _search(day, -1, is_banking_day)
    return following


def _search(day: date, step: int, is_banking_day: IsBankingDay) -> date:
    for away in range(1, _SEARCH_DAYS + 1):
        candidate = day + timedelta(days=step * away)
        if is_banking_day(candidate):
            return candidate
    raise ValueError(f"no banking day within {_SEARCH_DAYS} days of {day}")


def year_fraction(start: date, end: date, count: DayCount) -> Fraction:
    """The part of a year between two dates, the first counted, the last not."""
    match count:
        case "30/360":
            return Fraction(_days_30_360(start, end), 360)
        case "actual/365":
            return Fraction((end - start).days, 365)
        case "actual/360":
            return Fraction((end - start).days, 360)


def _days_30_360(start: date, end: date) -> int:
    """US (bond) 30/360: a start on the 31st counts as the 30th, and an end on the 31st too if the start is on the 30th or 31st."""
    start_day = min(start.day, 30)
    end_day = 30 if end.day == 31 and start_day == 30 else end.day
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + end_day - start_day
