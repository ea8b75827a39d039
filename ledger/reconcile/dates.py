"""Dates as files write them, to day numbers (proleptic Gregorian ordinals). One column has one format; which one it tells itself."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from msgspec import Struct

_MONTHS = {name: n for n, name in enumerate(["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], 1)}
_TIME = r"(?:[T ,].*)?"
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})" + _TIME, re.ASCII)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T?[0-9]{4,6}.*)?", re.ASCII)
_NUMERIC = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})" + _TIME, re.ASCII)
_DAY_NAME = re.compile(r"([0-9]{1,2})[-/ .]*([A-Za-z]{3})[a-z]*[-/ .,]*([0-9]{4}|[0-9]{2})" + _TIME, re.ASCII)
_NAME_DAY = re.compile(r"([A-Za-z]{3})[a-z]*\.? *([0-9]{1,2})(?:st|nd|rd|th)?,? *([0-9]{4})" + _TIME, re.ASCII)
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?(?:\.[0-9]+)?", re.ASCII)
_CENTURY = 2000
FIRST_DAY, LAST_DAY = date(1900, 1, 1).toordinal(), date(2199, 12, 31).toordinal()


def _iso(text: str) -> int:
    year, month, day = _parts(_ISO, text)
    return date(int(year), int(month), int(day)).toordinal()


def _compact(text: str) -> int:
    year, month, day = _parts(_COMPACT, text)
    return date(int(year), int(month), int(day)).toordinal()


def _us(text: str) -> int:
    month, day, year = _parts(_NUMERIC, text)
    return date(_year(year), int(month), int(day)).toordinal()


def _eu(text: str) -> int:
    day, month, year = _parts(_NUMERIC, text)
    return date(_year(year), int(month), int(day)).toordinal()


def _day_name(text: str) -> int:
    day, month, year = _parts(_DAY_NAME, text)
    return date(_year(year), _month(month), int(day)).toordinal()


def _name_day(text: str) -> int:
    month, day, year = _parts(_NAME_DAY, text)
    return date(_year(year), _month(month), int(day)).toordinal()


def _epoch(text: str) -> int:
    if not _EPOCH.fullmatch(text):
        raise ValueError(text)
    seconds = int(text.partition(".")[0])
    return datetime.fromtimestamp(seconds // 1000 if seconds >= 10**12 else seconds, UTC).date().toordinal()


FORMATS: dict[str, Callable[[str], int]] = {
    "ISO": _iso,
    "US": _us,
    "EU": _eu,
    "YYYYMMDD": _compact,
    "D MON Y": _day_name,
    "MON D Y": _name_day,
    "EPOCH": _epoch,
}
"""by name, in the order of preference: US is month/day/year, EU is day/month/year"""


class DateFormat(Struct, frozen=True):
    """The format of a column, and the others that would read every sample as well."""

    name: str
    others: tuple[str, ...] = ()


def detect(samples: Iterable[str]) -> DateFormat:
    """The format that reads most samples; a tie is decided by the order of `FORMATS` and reported in `others`."""
    texts = [text for text in samples if text]
    read = {name: sum(day_number(text, name) is not None for text in texts) for name in FORMATS}
    best = max(read.values(), default=0)
    names = [name for name, count in read.items() if count == best and count]
    return DateFormat(names[0], tuple(names[1:])) if names else DateFormat("ISO")


def day_number(text: str, form: str) -> int | None:
    """The day's number, or None when this is no date of the format, or one outside the years 1900 to 2199."""
    try:
        day = FORMATS[form](text.strip())
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def iso(day: int) -> str:
    """The date as ISO text; empty for an unknown day."""
    return date.fromordinal(day).isoformat() if day else ""


def _parts(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    found = pattern.fullmatch(text)
    if not found:
        raise ValueError(text)
    return found.groups()


def _year(text: str) -> int:
    return int(text) + (_CENTURY if len(text) == 2 else 0)


def _month(text: str) -> int:
    if text.upper() not in _MONTHS:
        raise ValueError(text)
    return _MONTHS[text.upper()]
