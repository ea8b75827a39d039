"""Nacha's return-rate thresholds, and how far an originator is from each.

Counts, not amounts: debit returns over debit entries originated, both by the date of origination, over 60 days. Source:
Nacha Operating Rules 2.17 (ODFI return rate reporting) and Nacha's risk rules: unauthorized 0.5 % (R05, R07, R10, R11,
R29, R51), administrative 3.0 % (R02, R03, R04), overall 15.0 % (all codes; RCK entries are left out by the caller). Rates
are integers in hundredths of a percent, so a threshold is met exactly or not at all.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from ach.codes import ADMINISTRATIVE_CODES, UNAUTHORIZED_CODES

WINDOW_DAYS = 60
BASIS_POINTS = 10_000
WARNING_PERCENTS = (60, 80)


class Kind(StrEnum):
    """The three rates."""

    UNAUTHORIZED = "unauthorized"
    ADMINISTRATIVE = "administrative"
    OVERALL = "overall"


THRESHOLD_BASIS_POINTS = {Kind.UNAUTHORIZED: 50, Kind.ADMINISTRATIVE: 300, Kind.OVERALL: 1500}


class Level(StrEnum):
    """How near a rate is to its threshold."""

    OK = "ok"
    WARNING_60 = "warning_60"
    WARNING_80 = "warning_80"
    BREACH = "breach"


class DayCounts(Struct, frozen=True):
    """What was originated on one date, and what of it has come back since."""

    originated_on: date
    debits: int = 0
    unauthorized: int = 0
    administrative: int = 0
    returned: int = 0


class Rate(Struct, frozen=True):
    """One rate over the window."""

    kind: Kind
    returns: int
    debits: int
    threshold_basis_points: int
    level: Level
    returns_until_breach: int
    """so many more returns of this kind exceed the threshold, if no further debit is originated; 0 when it is exceeded"""

    @property
    def basis_points(self) -> int:
        """The rate in hundredths of a percent, rounded down; 0 without debits."""
        return self.returns * BASIS_POINTS // self.debits if self.debits else 0


def add_debits(counts: DayCounts, number: int = 1) -> DayCounts:
    """The day with more debits originated."""
    return DayCounts(counts.originated_on, counts.debits + number, counts.unauthorized, counts.administrative, counts.returned)


def add_return(counts: DayCounts, code: str, *, r11_counts_as_unauthorized: bool = True) -> DayCounts:
    """The day of the ORIGINAL entry with one more debit return."""
    unauthorized = code in UNAUTHORIZED_CODES and (code != "R11" or r11_counts_as_unauthorized)
    return DayCounts(
        counts.originated_on,
        counts.debits,
        counts.unauthorized + unauthorized,
        counts.administrative + (code in ADMINISTRATIVE_CODES),
        counts.returned + 1,
    )


def rates(days: Iterable[DayCounts], today: date) -> dict[Kind, Rate]:
    """The three rates over the 60 days up to and including `today`; other days are left out."""
    first = today - timedelta(days=WINDOW_DAYS - 1)
    window = [day for day in days if first <= day.originated_on <= today]
    debits = sum(day.debits for day in window)
    return {
        Kind.UNAUTHORIZED: _rate(Kind.UNAUTHORIZED, sum(day.unauthorized for day in window), debits),
        Kind.ADMINISTRATIVE: _rate(Kind.ADMINISTRATIVE, sum(day.administrative for day in window), debits),
        Kind.OVERALL: _rate(Kind.OVERALL, sum(day.returned for day in window), debits),
    }


def _rate(kind: Kind, returns: int, debits: int) -> Rate:
    threshold = THRESHOLD_BASIS_POINTS[kind]
    allowed = debits * threshold // BASIS_POINTS
    return Rate(kind, returns, debits, threshold, _level(returns, debits, threshold), max(0, allowed + 1 - returns))


def _level(returns: int, debits: int, threshold: int) -> Level:
    """A threshold is breached when it is exceeded; a warning comes when its share is reached."""
    used, full = returns * BASIS_POINTS, debits * threshold
    if used > full:
        return Level.BREACH
    if returns and used * 100 >= full * WARNING_PERCENTS[1]:
        return Level.WARNING_80
    if returns and used * 100 >= full * WARNING_PERCENTS[0]:
        return Level.WARNING_60
    return Level.OK


def debits_to_recover(rate: Rate) -> int:
    """How many further debits, none of them returned, bring a breached rate back to its threshold; 0 when it is not."""
    if rate.level is not Level.BREACH:
        return 0
    return -(-rate.returns * BASIS_POINTS // rate.threshold_basis_points) - rate.debits
