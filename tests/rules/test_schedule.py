"""Schedules: the payment to the cent, principal that sums exactly, dates that move, changes on the way."""

from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.dates import IsBankingDay
from rules.rounding import Rounding
from rules.schedule import Instalment, Method, ScheduleTerms, level_payment, payoff, reamortized, schedule
from tests.rules.test_dates import is_banking_day

LEVEL = """
principal    apr    months   payment
200000.00    6      360      1199.10
10000.00     12     12       888.49
25000.00     7.2    60       497.39
350000.00    4.5    180      2677.48
5000.00      0      12       416.67
"""

PLANS = """
method          | number due        payment   principal interest balance
amortizing      | 1      2026-01-30  340.02   330.02   10.00   669.98
amortizing      | 2      2026-02-28  340.02   333.32    6.70   336.66
amortizing      | 3      2026-03-31  340.03   336.66    3.37     0.00
equal_principal | 1      2026-01-30  343.33   333.33   10.00   666.67
equal_principal | 2      2026-02-28  340.00   333.33    6.67   333.34
equal_principal | 3      2026-03-31  336.67   333.34    3.33     0.00
interest_only   | 1      2026-01-30   10.00     0.00   10.00  1000.00
interest_only   | 2      2026-02-28   10.00     0.00   10.00  1000.00
interest_only   | 3      2026-03-31 1010.00  1000.00   10.00     0.00
"""


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


def every_day(_: date) -> bool:
    """A calendar without holidays."""
    return True


def plan_of(
    method: str = "amortizing", apr: str = "12", months: int = 12, roll: str = "none", calendar: IsBankingDay = every_day
) -> tuple[Instalment, ...]:
    """A plan over 1,000 dollars from 2026-01-31."""
    return schedule(_terms(method, apr, months, roll), 100_000, date(2026, 1, 31), calendar)


def _terms(method: Any = "amortizing", apr: str = "12", months: int = 12, roll: Any = "none") -> ScheduleTerms:
    return ScheduleTerms(method=method, apr=Decimal(apr), instalments=months, roll=roll)


@pytest.mark.parametrize("case", LEVEL.strip().splitlines()[1:])
def test_level_payments(case: str) -> None:
    principal, apr, months, payment = case.split()
    assert level_payment(_cents(principal), Decimal(apr), int(months)) == _cents(payment)
    terms = ScheduleTerms(apr=Decimal(apr), instalments=int(months))
    plan = schedule(terms, _cents(principal), date(2025, 1, 31), every_day)
    assert len(plan) == int(months)
    assert {each.payment_cents for each in plan[:-1]} == {_cents(payment)}
    assert sum(each.principal_cents for each in plan) == _cents(principal)


@pytest.mark.parametrize("method", get_args(Method))
def test_methods_row_by_row(method: str) -> None:
    expected = [row.split("|")[1].split() for row in PLANS.strip().splitlines()[1:] if row.startswith(f"{method} ")]
    found = [
        [str(each.number), each.due.isoformat(), *(f"{cents / 100:.2f}" for cents in each[2:])]
        for each in plan_of(method, months=3, roll="modified_following", calendar=lambda day: day != date(2026, 1, 31))
    ]
    assert found == expected


def test_due_dates_clamp_at_the_end_of_the_month_and_come_back() -> None:
    assert [each.due.isoformat() for each in plan_of(months=4)] == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]


def test_due_dates_move_to_banking_days_but_interest_does_not() -> None:
    moved = plan_of(months=4, roll="following", calendar=is_banking_day)
    assert [each.due.isoformat() for each in moved] == ["2026-02-02", "2026-03-02", "2026-03-31", "2026-04-30"]
    assert [each.interest_cents for each in moved] == [each.interest_cents for each in plan_of(months=4)]


@given(
    st.sampled_from(get_args(Method)),
    st.integers(1, 10**9),
    st.decimals(0, 40, places=2),
    st.integers(1, 120),
    st.sampled_from(get_args(Rounding)),
)
@settings(max_examples=150, deadline=None)
def test_every_plan_repays_exactly_what_was_lent(method: Any, principal_cents: int, apr: Decimal, months: int, rounding: Any) -> None:
    terms = ScheduleTerms(method=method, apr=apr, instalments=months, rounding=rounding)
    plan = schedule(terms, principal_cents, date(2026, 1, 31), every_day)
    assert sum(each.principal_cents for each in plan) == principal_cents
    assert plan[-1].balance_cents == 0
    assert all(each.payment_cents == each.principal_cents + each.interest_cents > 0 for each in plan)
    assert all(each.principal_cents >= 0 for each in plan)


def test_a_few_cents_over_a_year_leave_empty_instalments_out() -> None:
    plan = schedule(ScheduleTerms(instalments=12), 6, date(2026, 1, 31), every_day)
    assert [each.principal_cents for each in plan] == [1] * 6


PAYOFFS = """
paid   on           amount
0      2026-01-31   1010.19
1      2026-01-31   921.15
1      2026-02-10   924.18
1      2026-01-15   921.15
12     2026-12-31   0.00
"""


@pytest.mark.parametrize("case", PAYOFFS.strip().splitlines()[1:])
def test_early_payoff(case: str) -> None:
    paid, on, amount = case.split()
    assert payoff(plan_of(), int(paid), date(2025, 12, 31), date.fromisoformat(on), _terms()) == _cents(amount)


def test_a_partial_payment_keeps_the_term_or_the_payment() -> None:
    plan = plan_of()
    owed_cents = plan[2].balance_cents
    lower = reamortized(plan, 3, owed_cents - 20_000, _terms())
    shorter = reamortized(plan, 3, owed_cents - 20_000, _terms(), keep="payment")
    higher = reamortized(plan, 3, owed_cents + 5_000, _terms())
    balloon = reamortized(plan, 3, owed_cents + 5_000, _terms(), keep="payment")
    assert [each.number for each in lower] == list(range(4, 13))
    assert lower[0].due == plan[3].due
    assert lower[0].payment_cents < plan[3].payment_cents < higher[0].payment_cents
    assert len(shorter) == 7
    assert {each.payment_cents for each in shorter[:-1]} == {plan[3].payment_cents}
    assert len(balloon) == 9
    assert balloon[-1].payment_cents > plan[3].payment_cents == balloon[0].payment_cents
    for rest, principal in (
        (lower, owed_cents - 20_000),
        (shorter, owed_cents - 20_000),
        (higher, owed_cents + 5_000),
        (balloon, owed_cents + 5_000),
    ):
        assert sum(each.principal_cents for each in rest) == principal


def test_what_is_owed_as_planned_gives_the_plan_again() -> None:
    plan = plan_of()
    assert reamortized(plan, 0, 100_000, _terms()) == plan
    assert reamortized(plan, 5, 0, _terms()) == ()
    assert reamortized(plan, 12, 0, _terms()) == ()


@pytest.mark.parametrize(("paid", "balance_cents"), [(0, -1), (12, 1)])
def test_a_balance_without_a_place_is_refused(paid: int, balance_cents: int) -> None:
    with pytest.raises(ValueError, match="balance"):
        reamortized(plan_of(), paid, balance_cents, _terms())


def test_a_plan_needs_a_principal() -> None:
    with pytest.raises(ValueError, match="positive"):
        schedule(ScheduleTerms(), 0, date(2026, 1, 31), every_day)
