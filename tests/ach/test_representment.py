"""Re-presentment by the book. Faults, row 29: the third is none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ach.calendar import is_banking_day
from ach.representment import NoRetry, RetryRules, ReturnedDebit, refuse_retry, retry_date

RULES = RetryRules()

DATES = """
returned     settled      payday search  sent again on
2026-03-02   2026-02-27        0         2026-03-09     Saturday rolls to Monday
2026-03-03   2026-02-27        0         2026-03-09     Sunday rolls to Monday
2026-03-05   2026-02-27        0         2026-03-10
2026-03-05   2026-02-27        5         2026-03-13     the next Friday
2026-03-05   2026-02-27        2         2026-03-10     no payday within two days
2026-06-10   2026-06-08        7         2026-06-15     the 15th, a Monday
2026-06-14   2026-06-10        0         2026-06-22     Juneteenth is closed
2026-06-11   2026-06-10        7         2026-06-22     the payday Friday is Juneteenth: the Monday after
2026-08-05   2026-02-10        0         2026-08-07     day 180 is Sunday the 9th
2026-08-07   2026-02-10        0         none
2026-08-06   2026-02-10        7         2026-08-07     the window beats the payday
"""


@pytest.mark.parametrize("line", DATES.strip().splitlines()[1:])
def test_the_day_of_the_next_presentment(line: str) -> None:
    returned, settled, search, expected = line.split()[:4]
    rules = RetryRules(payday_search_days=int(search))
    due = retry_date(rules, date.fromisoformat(returned), date.fromisoformat(settled))
    assert (due.isoformat() if due else "none") == expected


REFUSALS = """
code  made  reauthorized  paid  revoked  flagged  late  credit   refused because
R01    0        -          -       -        -      -      -      -
R09    1        -          -       -        -      -      -      -
R08    0        yes        -       -        -      -      -      -
R08    0        -          -       -        -      -      -      NEEDS_NEW_AUTHORIZATION
R01    0        -          -       -        -      -      yes    NOT_A_DEBIT
R02    0        yes        -       -        -      -      -      CODE_NOT_RETRYABLE
R10    0        yes        -       -        -      -      -      CODE_NOT_RETRYABLE
R11    0        -          -       -        -      -      -      CODE_NOT_RETRYABLE
R97    0        -          -       -        -      -      -      CODE_NOT_RETRYABLE
R01    0        -          yes     -        -      -      -      PAID_MEANWHILE
R01    0        -          -       yes      -      -      -      MANDATE_REVOKED
R01    0        -          -       -        yes    -      -      ACCOUNT_FLAGGED
R01    2        -          -       -        -      -      -      RETRIES_USED_UP
R01    1        -          -       -        -      yes    -      WINDOW_CLOSED
R01    2        -          yes     yes      yes    yes    -      PAID_MEANWHILE
"""


@pytest.mark.parametrize("line", REFUSALS.strip().splitlines()[1:])
def test_who_is_re_presented(line: str) -> None:
    code, made, reauthorized, paid, revoked, flagged, late, credit, expected = line.split()
    returned = ReturnedDebit(
        code=code,
        returned_on=date(2026, 3, 2),
        first_settlement=date(2025, 3, 2) if late == "yes" else date(2026, 2, 27),
        retries_made=int(made),
        is_debit=credit == "-",
        reauthorized=reauthorized == "yes",
        paid_meanwhile=paid == "yes",
        mandate_revoked=revoked == "yes",
        account_flagged=flagged == "yes",
    )
    assert refuse_retry(RULES, returned) is (None if expected == "-" else NoRetry[expected])


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 400), st.integers(0, 14))
def test_a_retry_is_always_on_a_banking_day_after_the_return_and_within_180_days(settled: date, days_to_return: int, search: int) -> None:
    returned = settled + timedelta(days=days_to_return)
    due = retry_date(RetryRules(payday_search_days=search), returned, settled)
    if due is not None:
        assert is_banking_day(due)
        assert returned < due <= settled + timedelta(days=180)
    else:
        assert days_to_return > 170


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"retries_max": 3}, "retries_max"),
        ({"retries_max": -1}, "retries_max"),
        ({"window_days": 181}, "window_days"),
        ({"delay_days": 0}, "delay_days"),
        ({"payday_search_days": -1}, "delay_days"),
    ],
)
def test_settings_outside_nachas_limits_are_refused(settings: dict[str, int], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        RetryRules(**settings)
