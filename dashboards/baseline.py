"""What is usual at a hospital: its own KPI over the days before. Which days, and how they become one number."""

import datetime as dt
import re
from typing import Final, Literal, NamedTuple

PERIODS: Final = 3
"""How many periods of the same length lie before: enough to even out a month, few enough to be of the same times."""
_WINDOW: Final = re.compile(r"window of (\d+) days")
_COLUMN: Final = re.compile(r"([a-z_]+) of ([a-z_]+)")

How = Literal["pooled", "averaged", "window", "column"]


class Baseline(NamedTuple):
    """How it is made: the periods before taken as one (`pooled`), or one's mean share of them (`averaged`, for counts); the KPI's own
    `window` of so many days before the present one; the mean of a `column` of another KPI's rows (for what stands, not what happens).
    """

    how: How
    days: int = 0
    column: str = ""
    kpi: str = ""

    def period(self, since: dt.date, until: dt.date) -> tuple[dt.date, dt.date]:
        """First and last day, both included; they end before the present ones begin."""
        if self.how == "window":
            last = until - dt.timedelta(days=self.days)
            return last - dt.timedelta(days=self.days - 1), last
        length = (until - since).days + 1
        return since - dt.timedelta(days=PERIODS * length), since - dt.timedelta(days=1)


class BaselineError(ValueError):
    """A text that says no way to make a baseline."""


def baseline(text: str) -> Baseline | None:
    """What a KPI's header says; None for `none`. Raises BaselineError."""
    if text == "none":
        return None
    if text == "pooled":
        return Baseline("pooled")
    if text == "averaged":
        return Baseline("averaged")
    if window := _WINDOW.fullmatch(text):
        return Baseline("window", days=int(window[1]))
    if column := _COLUMN.fullmatch(text):
        return Baseline("column", column=column[1], kpi=column[2])
    raise BaselineError(f"baseline {text} is none of: none, pooled, averaged, window of n days, column of kpi")
