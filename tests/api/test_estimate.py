"""When money is expected, by the Federal Reserve's calendar."""

import datetime as dt

import pytest

from api.estimate import settles_ms
from api.models.common import epoch_ms, instant
from ledger.account import Status

CASES = """
status          | at (UTC)            | settles (UTC)       | why
approved        | 2026-03-02T14:00:00 | 2026-03-03T13:30:00 | a Monday, 9 a.m. in New York
approved        | 2026-03-06T22:00:00 | 2026-03-09T12:30:00 | Friday evening: Monday, and daylight time has begun
approved        | 2026-07-02T15:00:00 | 2026-07-03T12:30:00 | July 4 is a Saturday: the Friday before it stays open
approved        | 2026-07-03T15:00:00 | 2026-07-06T12:30:00 | over the weekend
approved        | 2026-03-07T15:00:00 | 2026-03-10T12:30:00 | a Saturday belongs to Monday
held            | 2026-03-02T14:00:00 | 2026-03-03T13:30:00 | if it is approved the same day
declined        | 2026-03-02T14:00:00 |                     | never
settled         | 2026-03-02T14:00:00 |                     | it has
returned        | 2026-03-02T14:00:00 |                     | it will not
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_estimates(case: str) -> None:
    status, at, settles, _ = (cell.strip() for cell in case.split("|"))
    at_ms = epoch_ms(dt.datetime.fromisoformat(at + "Z"))
    found = settles_ms(Status(status), at_ms)
    assert (instant(found).strftime("%Y-%m-%dT%H:%M:%S") if found else "") == settles


def test_an_entry_with_the_bank_settles_on_its_effective_date() -> None:
    assert settles_ms(Status.SUBMITTED, 0, "2026-03-02") == epoch_ms(dt.datetime(2026, 3, 2, 13, 30, tzinfo=dt.UTC))


def test_a_retry_settles_the_banking_day_after_it_is_due() -> None:
    due = epoch_ms(dt.datetime(2026, 3, 9, 4, 0, tzinfo=dt.UTC))
    assert settles_ms(Status.RETRY_SCHEDULED, 0, due_ms=due) == epoch_ms(dt.datetime(2026, 3, 10, 12, 30, tzinfo=dt.UTC))
