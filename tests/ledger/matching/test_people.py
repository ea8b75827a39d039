"""A person confirms a candidate."""

import pytest

from ledger.matching.balances import apply
from ledger.matching.people import confirm
from tests.ledger.matching.tables import came_in, open_items, rows, where

OPEN = """
# balance  reference   open    due         patient  hospital
  B1       INV-0001    100.00  2026-01-05  P1       H1
  B2       INV-0002    250.00  2026-02-05  P1       H1
"""

CONFIRMED = """
# balances   amount   state              where it goes                             left     first reason
  B1         100.00   MATCHED            B1 100.00 person                          0.00     REFERENCE_BLANK
  B2,B1      350.00   MATCHED            B2 250.00 person + B1 100.00 person       0.00     REFERENCE_BLANK
  B1         40.00    PARTIALLY_MATCHED  B1 40.00 person                           0.00     REFERENCE_BLANK
  B1         120.00   OVERPAID           B1 100.00 person                          20.00    REFERENCE_BLANK
  B1,B1      120.00   OVERPAID           B1 100.00 person                          20.00    REFERENCE_BLANK
  B9         100.00   UNMATCHED          -                                         100.00   BALANCE_UNKNOWN
"""


@pytest.mark.parametrize("row", rows(CONFIRMED), ids=lambda row: " ".join(row[:2]))
def test_a_person_confirms(row: list[str]) -> None:
    balances, amount, state, goes, left, why = row
    outcome = confirm(open_items(OPEN), came_in("-", amount), balances.split(","), "dana")
    assert (outcome.state, where(outcome), outcome.residual_cents, outcome.reasons[0].code) == (
        state,
        goes,
        int(left.replace(".", "")),
        why,
    )


def test_money_of_another_hospital_is_refused_even_to_a_person() -> None:
    assert confirm(open_items(OPEN), came_in("hospital=H2", "100.00"), ["B1"], "dana").state == "UNMATCHED"


def test_more_than_is_open_can_never_be_taken_off() -> None:
    outcome = confirm(open_items(OPEN), came_in("-", "100.00"), ["B1"], "dana")
    paid = apply(open_items(OPEN), outcome.allocations)
    with pytest.raises(ValueError, match="more allocated than open: B1"):
        apply(paid, outcome.allocations)
    with pytest.raises(ValueError, match="no such balance: B1"):
        apply([], outcome.allocations)
