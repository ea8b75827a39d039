"""Late fees."""

from decimal import Decimal
from typing import Any

import pytest

from rules.late import LateTerms, late_fee

BASE: dict[str, Any] = {"flat_cents": 2_500, "percent": Decimal(5), "grace_days": 10}
TERMS = {
    "greater": LateTerms(**BASE),
    "lesser": LateTerms(**BASE, combine="lesser"),
    "sum": LateTerms(**BASE, combine="sum"),
    "capped": LateTerms(**BASE, maximum_cents=4_000),
    "large": LateTerms(**BASE, minimum_overdue_cents=5_000),
}

CASES = """
terms    overdue   days  charged before  fee
greater  888.49    10    0.00            0.00
greater  888.49    11    0.00            44.42
greater  300.00    11    0.00            25.00
greater  10.00     11    0.00            10.00
greater  888.49    11    44.42           0.00
greater  0.00      11    0.00            0.00
lesser   888.49    11    0.00            25.00
lesser   300.00    11    0.00            15.00
sum      300.00    11    0.00            40.00
capped   888.49    11    0.00            40.00
large    49.99     11    0.00            0.00
large    50.00     11    0.00            25.00
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_late_fees_of_the_table(case: str) -> None:
    terms, overdue, days, charged, fee = case.split()
    overdue_cents, charged_cents, fee_cents = (int(text.replace(".", "")) for text in (overdue, charged, fee))
    assert late_fee(TERMS[terms], overdue_cents, int(days), charged_cents) == fee_cents
