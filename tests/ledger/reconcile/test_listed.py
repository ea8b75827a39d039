"""A transfer that names what it pays."""

import numpy as np
import pytest

from ledger.matching.terms import Fee
from ledger.reconcile.listed import listed
from ledger.reconcile.terms import FileTerms
from tests.ledger.reconcile.files import matched, proposed, run

LEDGER = """
    id, date,       amount, reference, name
    L1, 2026-01-05, 100.00, INV-1001,  Okafor
    L2, 2026-01-07, 200.00, INV-1002,  Okafor
    L3, 2026-01-09, 300.00, INV-1003,  Okafor
    """
LISTS = """
bank's amount, reference and text                         | confirmed
600.00, , PAYMENT INV-1001 INV-1002 INV-1003              | L1+L2+L3 = B1 exact_sum
300.00, , INV-1001 & INV-1002 OKAFOR                      | L1+L2 = B1 exact_sum
500.00, INV-1002;INV-1003, TRANSFER                       | L2+L3 = B1 exact_sum
100.00, , INV-1001 SEE ALSO INV-1002                      | L1 = B1 reference
550.00, , PAYMENT INV-1001 INV-1002 INV-1003              |
"""


@pytest.mark.parametrize("line", LISTS.strip().splitlines()[1:])
def test_all_the_rows_that_a_text_lists_when_they_balance(line: str) -> None:
    bank, says = (part.strip() for part in line.split("|"))
    found = run(LEDGER, f"id, date, amount, reference, description\nB1, 2026-01-12, {bank}")
    assert matched(found) == ({says} if says else set())
    if not says:
        assert proposed(found) == {"PROPOSED L1+L2+L3 = B1: AMOUNT_DIFFERS"}


def test_a_list_less_a_known_fee() -> None:
    bank = "id, date, amount, description\nB1, 2026-01-12, 582.00, INV-1001 INV-1002 INV-1003"
    assert matched(run(LEDGER, bank, FileTerms(fees=(Fee("card", 0, 300),)))) == {"L1+L2+L3 = B1 known_fee"}


def test_a_row_that_two_lists_claim_belongs_to_neither() -> None:
    rows, others = np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1])
    assert list(listed(rows, others)) == []
    assert list(listed(np.array([0, 1, 2]), np.array([5, 5, 6]))) == [((0, 1), (5,))]
    assert list(listed(np.array([3, 3]), np.array([1, 2]))) == [((3,), (1, 2))]
