"""A day that was paid out in one sum."""

import pytest

from ledger.matching.terms import Fee
from ledger.reconcile.terms import FileTerms
from tests.ledger.reconcile.files import matched, run


def test_a_day_that_sums_to_one_deposit_without_a_reference() -> None:
    found = run(
        """
        id, date,       amount
        L1, 2026-01-05, 100.10
        L2, 2026-01-05, 150.20
        L3, 2026-01-05, 300.30
        L4, 2026-01-06, 77.00
        """,
        """
        id, date,       amount
        B1, 2026-01-07, 550.60
        """,
    )
    assert matched(found) == {"L1+L2+L3 = B1 exact_sum"}


FRIDAY_TO_SUNDAY = """
    id, date,       amount, fee
    L1, 2026-01-09, 101.11, 1.00
    L2, 2026-01-10, 202.22, 2.00
    L3, 2026-01-11, 303.33, 3.00
    """
SUMS = """
bank                          | confirmed
B1, 2026-01-13, 505.55        | L2+L3 = B1 exact_sum
B1, 2026-01-13, 500.55        | L2+L3 = B1 known_fee
B1, 2026-01-13, 505.54        |
"""


@pytest.mark.parametrize("line", SUMS.strip().splitlines()[1:])
def test_a_weekend_settles_with_its_monday_in_full_or_less_the_stated_fees(line: str) -> None:
    bank, says = (part.strip() for part in line.split("|"))
    assert matched(run(FRIDAY_TO_SUNDAY, f"id, date, amount\n{bank}")) == ({says} if says else set())


def test_a_day_less_the_known_fee_on_every_row() -> None:
    ledger = "id, date, amount\nL1, 2026-01-05, 100.00\nL2, 2026-01-05, 200.00"
    bank = "id, date, amount\nB1, 2026-01-06, 290.70"
    assert matched(run(ledger, bank, FileTerms(fees=(Fee("card", 30, 290),)))) == {"L1+L2 = B1 known_fee"}
    assert matched(run(ledger, bank)) == set()
