"""New York time: Nacha's dates and deadlines, and the Federal Reserve's days, are New York's.

Instants are epoch milliseconds (UTC). No function here asks what time it is.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_MILLISECOND = timedelta(milliseconds=1)


def to_new_york(at_ms: int) -> datetime:
    """The New York wall clock at this instant; OverflowError outside the years 1 to 9999."""
    return (EPOCH + timedelta(milliseconds=at_ms)).astimezone(NEW_YORK)


def to_ms(day: date, at: time) -> int:
    """The instant of this New York date and wall-clock time, as epoch milliseconds.

    A time that a clock change skips counts as the same number of minutes after the change; a time that occurs
    twice is the first of the two (PEP 495, fold 0).
    """
    return (datetime.combine(day, at, NEW_YORK) - EPOCH) // ONE_MILLISECOND
