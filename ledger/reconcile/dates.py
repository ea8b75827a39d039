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
_NAME_DAY = re.compile(r"(?:[A-Za-z]+day, *)?([A-Za-z]{3})[a-z]*\.?[- ]*([0-9]{1,2})(?:st|nd|rd|th)?,?[- ]*([0-9]{4})" + _TIME, re.ASCII)
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?(?:\.[0-9]+)?", re.ASCII)
_SERIAL = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]+)?", re.ASCII)
_SERIAL_ZERO = date(1899, 12, 30).toordinal()
"""day 0 of the 1900 system, which counts a 29 February 1900 that never was"""
_CENTURY = 2000
DAYS_MIN = 4
"""fewer different days than this say nothing of the period they come from"""
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


def _excel(text: str) -> int:
    if not _SERIAL.fullmatch(text):
        raise ValueError(text)
    return _SERIAL_ZERO + int(text.partition(".")[0])


FORMATS: dict[str, Callable[[str], int]] = {
    "ISO": _iso,
    "US": _us,
    "EU": _eu,
    "YYYYMMDD": _compact,
    "D MON Y": _day_name,
    "MON D Y": _name_day,
    "EPOCH": _epoch,
    "EXCEL": _excel,
}
"""by name, in the order of preference: US is month/day/year, EU is day/month/year, EXCEL counts days as spreadsheets do"""
_STRAY = tuple(name for name in FORMATS if name not in ("EPOCH", "EXCEL"))
"""formats that a single cell may have in a column of another one: a bare number is none"""


class DateFormat(Struct, frozen=True):
    """The format of a column, and the others that would read every sample as well."""

    name: str
    others: tuple[str, ...] = ()
    numeric: str = ""
    """of a column in another form: US or EU, where its stray dates tell which of the two they are"""


def detect(samples: Iterable[str], *, decimal_comma: bool = False) -> DateFormat:
    """The format that reads most samples; a tie is decided by the order of `FORMATS` and reported in `others`.

    Who writes dots in dates, or commas in amounts, puts the day first. Else a file covers one period: read the wrong way round, the days
    of a month lie all over the year.
    """
    texts = [text for text in samples if text]
    read = {name: sum(day_number(text, name) is not None for text in texts) for name in FORMATS}
    best = max(read.values(), default=0)
    names = [name for name, count in read.items() if count == best and count]
    if names[:1] == ["US"] and "EU" in names:
        day_first = decimal_comma or all("." in text for text in texts) or _narrower(texts, "EU", "US")
        names.sort(key=("EU" if day_first else "US").__ne__)
    numeric = max("US", "EU", key=read.__getitem__) if read["US"] != read["EU"] and best > max(read["US"], read["EU"]) else ""
    return DateFormat(names[0], tuple(names[1:]), numeric) if names else DateFormat("ISO")


def _narrower(texts: list[str], one: str, other: str) -> bool:
    """Whether enough different days lie in less than half the time when they are read in the first form."""
    spans = []
    for form in (one, other):
        days = {day for text in texts if (day := day_number(text, form)) is not None}
        if len(days) < DAYS_MIN:
            return False
        spans.append(max(days) - min(days))
    return 2 * spans[0] < spans[1]


def day_number(text: str, form: str) -> int | None:
    """The day's number, or None when this is no date of the format, or one outside the years 1900 to 2199."""
    try:
        day = FORMATS[form](text.strip())
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def stray_day(text: str, form: str, numeric: str = "") -> int | None:
    """The day of a cell that is not in its column's format: in the form of its stray dates, or when exactly one other format reads it."""
    if numeric and (known := day_number(text, numeric)) is not None:
        return known
    found = {day for name in _STRAY if name != form and (day := day_number(text, name)) is not None}
    return found.pop() if len(found) == 1 else None


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
