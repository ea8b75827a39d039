"""Dates as Nacha files write them: year, month and day in six digits, or the day of the year in three.

Source: Nacha Operating Rules, Appendix Three (file creation date, effective entry date, settlement date).
"""

import re
from datetime import datetime

_DAY_OF_YEAR = re.compile(r"00[1-9]|0[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6]")


def is_date(text: str) -> bool:
    """Whether this is a date of the form YYMMDD."""
    if not re.fullmatch(r"\d{6}", text, re.ASCII):
        return False
    try:
        datetime.strptime(text, "%y%m%d")  # noqa: DTZ007 - a date on its own has no zone
    except ValueError:
        return False
    return True


def is_day_of_year(text: str) -> bool:
    """Whether this is a Julian date: the day of the year, 001 to 366."""
    return text.isascii() and _DAY_OF_YEAR.fullmatch(text) is not None
