"""Interest on a balance: annual rate, day count, compounding, a promotional rate and days of grace. Exact until rounded, once."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from rules.dates import DayCount, add_months, year_fraction
from rules.rounding import Rounding, percent, rounded


class InterestTerms(Struct, frozen=True, kw_only=True):
    """`[interest]`: rates are percent a year."""

    apr: Decimal = Decimal(0)
    day_count: DayCount = "actual/365"
    compounding: Literal["simple", "daily", "monthly"] = "simple"
    """simple: on the principal alone; daily, monthly: interest bears interest from the next day or month on"""
    promotional_apr: Decimal | None = None
    promotional_months: Annotated[int, Meta(ge=0, le=120)] = 0
    grace_days: Annotated[int, Meta(ge=0, le=366)] = 0
    """days after the opening in which no interest accrues at all"""
    rounding: Rounding = "half_up"
    accrues: Literal["opening", "due_date"] = "opening"
    """the day from which a balance bears interest, and from which grace and promotion are counted"""
    posted: Literal["monthly", "daily"] = "monthly"
    """how often the interest of a balance becomes owed: every month, or every day, after the day from which it accrues"""

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the terms as a whole, for the lint."""
        if (self.promotional_apr is None) != (self.promotional_months == 0):
            return ("a promotional rate needs its months, and months their rate",)
        return ()


class Period(NamedTuple):
    """Days at one rate."""

    start: date
    end: date
    apr: Decimal


def periods(terms: InterestTerms, opened: date, start: date, end: date) -> tuple[Period, ...]:
    """`[start, end)` cut where the rate changes: at the end of grace and of the promotion, both counted from `opened`."""
    grace_end = opened + timedelta(days=terms.grace_days)
    promotion_end = add_months(opened, terms.promotional_months)
    cuts = sorted({start, end, *(cut for cut in (grace_end, promotion_end) if start < cut < end)})
    return tuple(Period(a, b, _rate(terms, a, grace_end, promotion_end)) for a, b in pairwise(cuts))


def accrued(terms: InterestTerms, principal_cents: int, opened: date, start: date, end: date) -> int:
    """Interest in cents for `[start, end)` on a principal that does not change in it. Zero for an empty or backward span."""
    if principal_cents <= 0 or end <= start:
        return 0
    growth = Fraction(1)
    for period in periods(terms, opened, start, end):
        if terms.compounding == "simple":
            days = year_fraction(start, period.end, terms.day_count) - year_fraction(start, period.start, terms.day_count)
            growth += percent(period.apr) * days
        else:
            growth *= _compounded(terms, period)
    return rounded(principal_cents * (growth - 1), terms.rounding)


def monthly_interest(principal_cents: int, apr: Decimal, rounding: Rounding = "half_up") -> int:
    """Interest of one month of 30/360: a twelfth of the annual rate."""
    return rounded(principal_cents * percent(apr) / 12, rounding)


def daily_interest(principal_cents: int, apr: Decimal, days: int, rounding: Rounding = "half_up") -> int:
    """Simple interest of so many days, actual/365."""
    return rounded(principal_cents * percent(apr) * days / 365, rounding)


def _rate(terms: InterestTerms, day: date, grace_end: date, promotion_end: date) -> Decimal:
    if day < grace_end:
        return Decimal(0)
    return terms.promotional_apr if terms.promotional_apr is not None and day < promotion_end else terms.apr


def _compounded(terms: InterestTerms, period: Period) -> Fraction:
    growth = Fraction(1)
    for start, end, times in _steps(period, terms.compounding == "monthly"):
        growth *= (1 + percent(period.apr) * year_fraction(start, end, terms.day_count)) ** times
    return growth


def _steps(period: Period, monthly: bool) -> Iterator[tuple[date, date, int]]:
    """The spans after each of which interest is added, and how often in a row: months from the period's start, or equal days."""
    if not monthly:
        yield period.start, period.start + timedelta(days=1), (period.end - period.start).days
        return
    start, number = period.start, 0
    while start < period.end:
        number += 1
        end = min(add_months(period.start, number), period.end)
        yield start, end, 1
        start = end
