"""When an entry goes out and settles, and the reason in words."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ach.calendar import is_banking_day
from ach.windows import NEXT_DAY, CutOffs, cut_offs, plan, send_days, settlement_date
from ach.zone import NEW_YORK

RULES = CutOffs()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


PLANS = """
now               asks      sec  dollars    settles           explanation
2026-11-23T08:00  same day  PPD    100.00   2026-11-23 13:00  same day: window SD1300 closes 2026-11-23 09:45 and settles at 13:00
2026-11-23T09:45  same day  PPD    100.00   2026-11-23 13:00  same day: window SD1300 closes 2026-11-23 09:45 and settles at 13:00
2026-11-23T09:46  same day  PPD    100.00   2026-11-23 17:00  same day: window SD1700 closes 2026-11-23 14:00 and settles at 17:00
2026-11-23T15:59  same day  WEB    100.00   2026-11-23 18:00  same day: window SD1800 closes 2026-11-23 16:00 and settles at 18:00
2026-11-23T16:01  same day  PPD    100.00   2026-11-24 08:30  next day: the last window closed at 16:00
2026-11-23T08:00  next day  PPD    100.00   2026-11-24 08:30  next day: same day was not asked for
2026-11-23T08:00  same day  PPD 1000000.00  2026-11-23 13:00  same day: window SD1300 closes 2026-11-23 09:45 and settles at 13:00
2026-11-23T08:00  same day  PPD 1000000.01  2026-11-24 08:30  next day: over $1,000,000
2026-11-23T08:00  same day  IAT    100.00   2026-11-24 08:30  next day: IAT entries are not eligible
2021-11-23T08:00  same day  PPD  100000.01  2021-11-24 08:30  next day: over $100,000
2026-11-23T19:00  next day  PPD    100.00   2026-11-25 08:30  next day: same day was not asked for
2026-11-25T16:30  same day  PPD    100.00   2026-11-27 08:30  next day: the last window closed at 16:00
2026-11-26T08:00  same day  PPD    100.00   2026-11-27 13:00  same day: window SD1300 closes 2026-11-27 09:45 and settles at 13:00
2026-11-21T08:00  next day  PPD    100.00   2026-11-24 08:30  next day: same day was not asked for
2026-07-02T17:00  next day  PPD    100.00   2026-07-03 08:30  next day: same day was not asked for
2022-12-23T17:00  next day  PPD    100.00   2022-12-27 08:30  next day: same day was not asked for
"""


@pytest.mark.parametrize("row", PLANS.strip().splitlines()[1:])
def test_an_entry_goes_out_with_the_next_cut_off(row: str) -> None:
    now, asks, kind, sec, dollars, day, hour, explanation = row.split(maxsplit=7)
    assert kind == "day"
    cents = int(dollars.replace(".", ""))
    made = plan(RULES, at(now), sec=sec, amount_cents=cents, same_day=asks == "same")
    assert f"{made.cut_off.settles:%Y-%m-%d %H:%M}" == f"{day} {hour}"
    assert made.explanation == explanation
    assert made.same_day is explanation.startswith("same day")
    assert made.effective_entry_date == made.settlement_date == date.fromisoformat(day)


def test_cut_offs_are_the_operators_deadlines_less_both_leads() -> None:
    rules = CutOffs(bank_lead_minutes=60, hospital_lead_minutes=30, same_day_windows=("SD1700",), next_day=time(18, 0))
    found = [(each.window, f"{each.closes:%H:%M}") for each in cut_offs(rules, date(2026, 11, 23))]
    assert found == [("SD1700", "13:15"), (NEXT_DAY, "17:30")]
    assert cut_offs(rules, date(2026, 11, 26)) == []


def test_a_bank_without_windows_settles_on_the_next_day() -> None:
    made = plan(CutOffs(same_day_windows=()), at("2026-11-23T08:00"), sec="PPD", amount_cents=1, same_day=True)
    assert made.explanation == "next day: the bank offers no same-day window"


def test_now_needs_a_zone_and_may_be_any() -> None:
    with pytest.raises(ValueError, match="time zone"):
        plan(RULES, at("2026-11-23T08:00").replace(tzinfo=None), sec="PPD", amount_cents=1, same_day=True)
    utc = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    assert plan(RULES, utc, sec="PPD", amount_cents=1, same_day=True).cut_off.window == "SD1300"


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)), st.booleans(), st.integers(1, 200_000_000))  # noqa: DTZ001
def test_every_plan_closes_in_time_and_settles_on_a_banking_day(moment: datetime, same_day: bool, cents: int) -> None:
    now = moment.replace(tzinfo=NEW_YORK)
    made = plan(RULES, now, sec="PPD", amount_cents=cents, same_day=same_day)
    assert now <= made.cut_off.closes < made.cut_off.settles
    assert is_banking_day(made.settlement_date)
    assert made.same_day is (made.settlement_date == made.cut_off.closes.date())


SEND = """
effective    kind    first       last
2026-11-24   debit   2026-11-23  2026-11-23
2026-11-24   credit  2026-11-20  2026-11-23
2026-11-27   debit   2026-11-25  2026-11-25
2026-11-30   credit  2026-11-25  2026-11-27
"""


@pytest.mark.parametrize("row", SEND.strip().splitlines()[1:])
def test_a_file_is_sent_neither_too_early_nor_too_late(row: str) -> None:
    effective, kind, first, last = row.split()
    found = send_days(date.fromisoformat(effective), is_debit=kind == "debit")
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


def test_an_effective_date_on_a_holiday_cannot_be_met() -> None:
    with pytest.raises(ValueError, match="no banking day"):
        send_days(date(2026, 11, 26), is_debit=True)


JULIAN = """
327  2026-11-23  2026-11-23
001  2026-12-31  2027-01-01
365  2027-01-02  2026-12-31
366  2028-12-31  2028-12-31
366  2026-12-31  -
366  2027-12-31  -
000  2026-11-23  -
367  2026-11-23  -
ABC  2026-11-23  -
"""


@pytest.mark.parametrize("row", JULIAN.strip().splitlines())
def test_the_operators_day_of_the_year_is_a_date(row: str) -> None:
    julian, processed, expected = row.split()
    found = settlement_date(julian, date.fromisoformat(processed))
    assert (found.isoformat() if found else "-") == expected
