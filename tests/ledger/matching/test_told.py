"""Why money did not match, in words."""

import pytest

from ledger.matching.match import match
from ledger.matching.terms import PAID_IN
from ledger.matching.told import said
from tests.ledger.matching.tables import came_in, open_items, rows

OPEN = """
# balance  reference     open    due         patient  hospital
  B1       INV-20260001  100.00  2026-01-05  P1       H1
  B2       -             250.00  2026-01-05  P1       H1
  B3       -             250.00  2026-01-07  P1       H1
"""

SAID = """
# what comes in     amount  said
  ref=INV-20260001  130.00  30.00 left over
  ref=INV-20260010  90.00   nearest B1: reference INV-20260010, expected INV-20260001 (1 edit); amount 90.00, open 100.00 (-10.00)
  patient=P1        90.00   nearest B1: no reference came, expected INV-20260001; amount 90.00, open 100.00 (-10.00)
  patient=P1        250.00  nearest B2: no reference expected; 2 balances score less than 10 points apart
  patient=P1        350.00  nearest B1 + B2: 2 sums of open balances make the amount
  id=B9             12.00   nearest B1: no reference came, expected INV-20260001; amount 12.00, open 100.00 (-88.00)
  hospital=H2       12.00   nothing is open that it could be for
"""


@pytest.mark.parametrize("row", rows(SAID), ids=lambda row: " ".join(row[:2]))
def test_what_differs_is_told_with_both_values(row: list[str]) -> None:
    words, amount, told = row
    assert said(match(open_items(OPEN), came_in(words, amount), PAID_IN)) == told
