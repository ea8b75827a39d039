"""The rail as the ledger asks it."""

from datetime import UTC, datetime

import pytest

from ach.rail import MEMO_ENTRIES_MAX, AchRail
from ledger.policy import Rail

RAIL: Rail = AchRail()


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


INSTANTS = """
UTC                   hour   banking day
2026-11-23T04:59:59    23    2026-11-23    still Sunday in New York: Monday
2026-11-23T05:00:00     0    2026-11-23    Monday, midnight
2026-07-03T03:59:59    23    2026-07-02
2026-07-03T04:00:00     0    2026-07-03    the Friday before a Saturday holiday is open
2026-06-19T15:00:00    11    2026-06-22    Juneteenth, a Friday: Monday
2026-03-08T06:59:59     1    2026-03-09    the last second of standard time
2026-03-08T07:00:00     3    2026-03-09    daylight time begins
2026-11-01T05:30:00     1    2026-11-02    01:30 for the first time
2026-11-01T06:30:00     1    2026-11-02    01:30 for the second time
"""


@pytest.mark.parametrize("line", INSTANTS.strip().splitlines()[1:])
def test_an_instant_belongs_to_a_new_york_hour_and_banking_day(line: str) -> None:
    at, hour, day = line.split()[:3]
    assert (RAIL.local_hour(ms(at)), RAIL.business_date(ms(at))) == (int(hour), day)
    assert (RAIL.local_hour(ms(at) + 999), RAIL.business_date(ms(at) + 999)) == (int(hour), day)


RETRIES = """
returned             made  first settled  re-presented on (New York midnight)
2026-03-02T14:00:00    0   2026-02-27     2026-03-09T04:00:00   Saturday rolls to Monday, daylight time
2026-03-03T14:00:00    1   2026-02-10     2026-03-09T04:00:00   Sunday rolls to Monday
2026-03-04T14:00:00    1   2026-02-10     2026-03-09T04:00:00
2026-03-04T14:00:00    2   2026-02-10     none                  two retries are all
2026-08-05T14:00:00    1   2026-02-10     2026-08-07T04:00:00   day 180 is a Sunday: brought back to Friday
2026-08-07T14:00:00    1   2026-02-10     none                  no banking day is left
2026-09-01T14:00:00    0   2026-02-10     none                  long past
"""


@pytest.mark.parametrize("line", RETRIES.strip().splitlines()[1:])
def test_a_return_for_want_of_funds_is_re_presented(line: str) -> None:
    returned, made, settled, expected = line.split()[:4]
    due = RAIL.retry_at_ms(ms(returned), int(made), settled)
    assert due == (None if expected == "none" else ms(expected))


def test_dates_are_shifted_and_checked() -> None:
    assert RAIL.is_banking_day("2026-07-03")
    assert not RAIL.is_banking_day("2027-07-05")
    assert RAIL.add_banking_days("2026-06-18", 2) == "2026-06-23"
    assert RAIL.start_of_day_ms("2026-07-03") == ms("2026-07-03T04:00:00")


def test_codes_are_what_nacha_says() -> None:
    closed = RAIL.return_action("R02")
    assert (closed.reason, closed.action, closed.unauthorized, closed.known) == ("account_closed", "CL", False, True)
    assert RAIL.return_action("R07").unauthorized
    assert RAIL.return_action("R61").action == "IN"
    unknown = RAIL.return_action("R97")
    assert (unknown.reason, unknown.action, unknown.known) == ("R97", "IN", False)


def test_whether_r11_counts_as_unauthorized_is_a_setting() -> None:
    assert AchRail().return_action("R11").unauthorized
    assert not AchRail(r11_counts_as_unauthorized=False).return_action("R11").unauthorized


def test_settings_wider_than_nachas_are_refused() -> None:
    with pytest.raises(ValueError, match="retries_max"):
        AchRail(retries_max=3)
    with pytest.raises(ValueError, match="window_days"):
        AchRail(retry_window_days=181)


def test_hostile_instants_do_not_fill_the_memory() -> None:
    rail = AchRail()
    for hour in range(MEMO_ENTRIES_MAX + 10):
        rail.business_date(hour * 3_600_000)
    assert len(rail._hours) <= MEMO_ENTRIES_MAX
