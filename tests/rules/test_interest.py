"""Interest to the cent."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.interest import InterestTerms, accrued, daily_interest, monthly_interest

DAILY = """
principal   apr     days   interest
3650.00     20      30     60.00
1000.00     24.99   28     19.17
1000.00     0       28     0.00
0.01        24.99   28     0.00
100000.00   7.25    365    7250.00
"""

ACCRUED = """
terms                                                | principal | opened     | from       | to         | interest
apr=20                                               | 3650.00   | 2026-01-01 | 2026-01-01 | 2026-01-31 | 60.00
apr=24.99                                            | 1000.00   | 2026-02-01 | 2026-02-01 | 2026-03-01 | 19.17
apr=12 day_count=30/360                              | 1000.00   | 2026-01-15 | 2026-01-15 | 2026-02-15 | 10.00
apr=12 day_count=actual/360                          | 1000.00   | 2026-01-15 | 2026-01-15 | 2026-02-15 | 10.33
apr=20 grace_days=10                                 | 3650.00   | 2026-01-01 | 2026-01-01 | 2026-01-31 | 40.00
apr=20 grace_days=30                                 | 3650.00   | 2026-01-01 | 2026-01-01 | 2026-01-31 | 0.00
apr=20 grace_days=10                                 | 3650.00   | 2026-01-01 | 2026-01-11 | 2026-01-31 | 40.00
apr=20 promotional_apr=0 promotional_months=1        | 3650.00   | 2026-01-01 | 2026-01-22 | 2026-02-11 | 20.00
apr=20 promotional_apr=10 promotional_months=1       | 3650.00   | 2026-01-01 | 2026-01-22 | 2026-02-11 | 30.00
apr=12 day_count=30/360 grace_days=16                | 1000.00   | 2026-01-15 | 2026-01-15 | 2026-02-15 | 4.67
apr=12 compounding=monthly day_count=30/360          | 1000.00   | 2026-01-15 | 2026-01-15 | 2026-03-15 | 20.10
apr=12 compounding=monthly day_count=30/360          | 1000.00   | 2026-01-15 | 2026-01-15 | 2027-01-15 | 126.83
apr=20 compounding=daily                             | 3650.00   | 2026-01-01 | 2026-01-01 | 2026-01-31 | 60.48
apr=20                                               | 3650.00   | 2026-01-01 | 2026-01-31 | 2026-01-31 | 0.00
apr=20                                               | 3650.00   | 2026-01-01 | 2026-01-31 | 2026-01-01 | 0.00
apr=20                                               | 0.00      | 2026-01-01 | 2026-01-01 | 2026-01-31 | 0.00
"""


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


def _terms(text: str) -> InterestTerms:
    fields: dict[str, Any] = dict(pair.split("=") for pair in text.split())
    for name in ("apr", "promotional_apr"):
        if name in fields:
            fields[name] = Decimal(fields[name])
    for name in ("grace_days", "promotional_months"):
        if name in fields:
            fields[name] = int(fields[name])
    return InterestTerms(**fields)


@pytest.mark.parametrize("case", DAILY.strip().splitlines()[1:])
def test_simple_interest_by_the_day(case: str) -> None:
    principal, apr, days, interest = case.split()
    assert daily_interest(_cents(principal), Decimal(apr), int(days)) == _cents(interest)


@pytest.mark.parametrize("case", ACCRUED.strip().splitlines()[1:])
def test_accrued_interest(case: str) -> None:
    terms, principal, opened, start, end, interest = (cell.strip() for cell in case.split("|"))
    days = [date.fromisoformat(day) for day in (opened, start, end)]
    assert accrued(_terms(terms), _cents(principal), *days) == _cents(interest)


def test_a_month_is_a_twelfth() -> None:
    assert monthly_interest(20_000_000, Decimal(6)) == 100_000
    assert monthly_interest(1_000, Decimal("0.6"), "half_even") == 0
    assert monthly_interest(1_000, Decimal("0.6"), "half_up") == 1


@given(st.integers(0, 10**9), st.integers(0, 400), st.integers(0, 400), st.integers(0, 200))
def test_interest_in_two_parts_is_interest_in_one_but_for_a_cent(principal_cents: int, first: int, second: int, grace: int) -> None:
    terms = _terms(f"apr=24.99 grace_days={grace} promotional_apr=3.5 promotional_months=2")
    opened = date(2026, 1, 31)
    middle, end = opened + timedelta(days=first), opened + timedelta(days=first + second)
    parts = accrued(terms, principal_cents, opened, opened, middle) + accrued(terms, principal_cents, opened, middle, end)
    assert abs(parts - accrued(terms, principal_cents, opened, opened, end)) <= 1


def test_a_promotional_rate_needs_its_months() -> None:
    assert InterestTerms(promotional_apr=Decimal(0)).problems()
    assert InterestTerms(promotional_months=3).problems()
    assert not InterestTerms(promotional_apr=Decimal(0), promotional_months=3).problems()
