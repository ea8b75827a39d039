"""Until when something may be done, in dates worked out by hand."""

from collections.abc import Callable
from datetime import date

import pytest

from ach import deadlines
from ach.deadlines import apply_change_by, is_late, return_deadline, safe_dates

RETURNS = """
code  settled     last day
R01   2026-11-23  2026-11-25
R01   2026-11-24  2026-11-27   Thanksgiving between
R03   2026-12-23  2026-12-28   Christmas and a weekend between
R10   2026-11-23  2027-01-25   day 60 is Friday the 22nd: the banking day after it
R07   2026-11-24  2027-01-25   day 60 is Saturday
R61   2026-11-23  2026-12-01   five banking days to dishonor
R71   2026-11-23  2026-11-25   two to contest
R06   2026-11-23  -            no window of its own
R97   2026-11-23  -
"""


@pytest.mark.parametrize("row", RETURNS.strip().splitlines()[1:])
def test_returns_have_windows(row: str) -> None:
    code, settled, expected = row.split()[:3]
    found = return_deadline(code, date.fromisoformat(settled))
    assert (found.isoformat() if found else "-") == expected
    if found:
        assert not is_late(code, date.fromisoformat(settled), found)
        assert is_late(code, date.fromisoformat(settled), date.fromordinal(found.toordinal() + 1))
    else:
        assert not is_late(code, date.fromisoformat(settled), date(2099, 1, 1))


@pytest.mark.parametrize(("settled", "live"), [("2026-11-23", "2026-11-27"), ("2026-03-03", "2026-03-06"), ("2026-12-23", "2026-12-29")])
def test_live_entries_follow_a_prenote_on_the_third_banking_day(settled: str, live: str) -> None:
    day = date.fromisoformat(settled)
    assert deadlines.live_entries_from(day) == date.fromisoformat(live)
    assert deadlines.prenote_answer_by(day).toordinal() == date.fromisoformat(live).toordinal() - 1


def test_a_settled_debit_is_safe_after_both_windows() -> None:
    safe = safe_dates(date(2026, 11, 23))
    assert (safe.funds, safe.unauthorized) == (date(2026, 11, 26), date(2027, 1, 26))


DATES = """
function             from         until
dishonor_by          2026-11-23   2026-12-01
contest_by           2026-11-23   2026-11-25
corrected_entry_by   2026-11-23   2027-01-22
reverse_by           2026-11-23   2026-12-01
return_fee_by        2026-11-23   2027-01-07
refuse_notice_by     2026-11-23   2026-12-08
apply_change_by      2026-11-23   2026-12-02
live_entries_from    2026-11-23   2026-11-27
"""


@pytest.mark.parametrize("row", DATES.strip().splitlines()[1:])
def test_other_deadlines(row: str) -> None:
    name, start, until = row.split()
    function: Callable[[date], date] = getattr(deadlines, name)
    assert function(date.fromisoformat(start)).isoformat() == until


def test_a_change_may_wait_for_the_next_entry() -> None:
    assert apply_change_by(date(2026, 11, 23), date(2026, 12, 24)) == date(2026, 12, 24)
    assert apply_change_by(date(2026, 11, 23), date(2026, 11, 24)) == date(2026, 12, 2)
