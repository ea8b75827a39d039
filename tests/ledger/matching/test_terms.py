"""Fees, tolerances and windows."""

import pytest

from ach.rail import AchRail
from ledger.matching.terms import DEFAULT, UNBOUNDED, Fee, Terms


@pytest.mark.parametrize(
    ("fee", "amount_cents", "kept_cents"),
    [
        (Fee("card", 30, 290), 10_000, 320),
        (Fee("half a cent up", 0, 50), 100, 1),
        (Fee("half a cent up", 0, 49), 100, 0),
        (Fee("flat", 250), 1, 250),
    ],
)
def test_a_fee_in_cents(fee: Fee, amount_cents: int, kept_cents: int) -> None:
    assert fee.of(amount_cents) == kept_cents


def test_the_larger_tolerance_counts() -> None:
    terms = Terms(tolerance_cents=5, tolerance_basis_points=50)
    assert (terms.tolerance(100), terms.tolerance(10_000)) == (5, 50)


def test_a_window_in_banking_days_and_one_without_bounds() -> None:
    terms = Terms(banking_days_before=1, banking_days_after=2, add_banking_days=AchRail().add_banking_days)
    assert terms.window("2026-01-16") == ("2026-01-15", "2026-01-21")
    assert [terms.in_time("2026-01-16", day) for day in ("2026-01-14", "2026-01-15", "2026-01-21", "2026-01-22", "")] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert DEFAULT.window("2026-01-16") == UNBOUNDED
    assert DEFAULT.in_time("2026-01-16", "2036-01-16")
