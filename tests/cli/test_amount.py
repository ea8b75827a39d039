"""Amounts as people type them."""

import pytest

from cli.amount import dollars
from cli.errors import UserError


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("30", "30.00"), ("30.5", "30.50"), ("30.05", "30.05"), ("$1,200.00", "1200.00"), ("1,200", "1200.00"), ("0.01", "0.01")],
)
def test_what_is_meant(typed: str, amount: str) -> None:
    assert dollars(typed) == amount


@pytest.mark.parametrize("typed", ["", "-5", "1e3", "12,34", "1.234", "1,20.00", "NaN", "٣", "5 dollars"])
def test_what_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="no amount in dollars"):
        dollars(typed)
