"""When things happen: office hours, bank windows and whole days, in New York's time."""

from datetime import date, time, timedelta
from random import Random

from ach.calendar import add_banking_days, is_banking_day, roll_forward
from ach.zone import to_ms, to_new_york

SECOND_MS = 1000
MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000


def day_of(at_ms: int) -> date:
    """The New York date of an instant."""
    return to_new_york(at_ms).date()


def instant(day: date, hour: int, minute: int = 0, plus_ms: int = 0) -> int:
    """This New York wall-clock time, as an instant."""
    return to_ms(day, time(hour, minute)) + plus_ms


def waking_hours(rng: Random, day: date) -> int:
    """An instant of this date at which people pay bills: between 8 and 22, most of them in the evening."""
    hour = int(rng.triangular(8, 22, 18))
    return instant(day, hour, rng.randrange(60), rng.randrange(60_000))


def office_hours(rng: Random, day: date) -> int:
    """An instant of this date between 8 and 18."""
    return instant(day, 8 + rng.randrange(10), rng.randrange(60), rng.randrange(60_000))


def next_office_instant(rng: Random, after_ms: int, delay_ms: int) -> int:
    """`delay_ms` after an instant if that lies within office hours of a banking day, else in the next office morning."""
    local = to_new_york(after_ms + delay_ms)
    if is_banking_day(local.date()) and 8 <= local.hour < 18:
        return after_ms + delay_ms
    day = local.date() if local.hour < 8 else local.date() + timedelta(days=1)
    return instant(roll_forward(day), 8, plus_ms=rng.randrange(2 * HOUR_MS))


def banking_day_after(at_ms: int, count: int) -> date:
    """The date `count` banking days after an instant's date."""
    return add_banking_days(day_of(at_ms), count)


def months_before(day: date, months: int) -> date:
    """The same day of the month, `months` earlier; the month's last day when it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)
