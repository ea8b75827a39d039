"""Minimum payments."""

from decimal import Decimal

import pytest

from rules.minimum import MinimumTerms, minimum_payment

ALL = MinimumTerms(floor_cents=2_500, percent=Decimal(2))
BARE = MinimumTerms(floor_cents=2_500, percent=Decimal(2), add_interest=False, add_fees=False, add_past_due=False)

CASES = """
terms  principal  interest  fees   past due  minimum
all    5000.00    0.00      0.00   0.00      100.00
all    5000.00    60.00     25.00  100.00    285.00
all    5000.01    0.00      0.00   0.00      100.01
all    500.00     5.00      0.00   0.00      25.00
all    20.00      1.00      0.00   0.00      21.00
all    0.00       0.00      0.00   0.00      0.00
bare   5000.00    60.00     25.00  100.00    100.00
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_minimum_payments_of_the_table(case: str) -> None:
    terms, *amounts, minimum = case.split()
    cents = [int(amount.replace(".", "")) for amount in amounts]
    assert minimum_payment({"all": ALL, "bare": BARE}[terms], *cents) == int(minimum.replace(".", ""))
