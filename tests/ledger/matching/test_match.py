"""Business cases of matching one payment, as tables: what is open, what comes in, where the money goes."""

import pytest

from ledger.matching.item import Incoming
from ledger.matching.match import match
from tests.ledger.matching.tables import came_in, cents, open_items, rows, where

OPEN = """
# balance  reference   open    due         patient  hospital
  B1       INV-0001    100.00  2026-01-05  P1       H1
  B2       INV-0002    250.00  2026-02-05  P1       H1
  B3       INV-0003    250.00  2026-03-05  P1       H1
  B4       INV-0004    80.00   2026-04-05  P1       H1
"""

REPAYMENTS = """
# what comes in                             amount   state              where it goes                                       left
  id=B2                                     250.00   MATCHED            B2 250.00 id                                        0.00
  ref=INV-0003                              250.00   MATCHED            B3 250.00 reference                                 0.00
  ref=inv/3                                 250.00   MATCHED            B3 250.00 reference                                 0.00
  ref=B3                                    250.00   MATCHED            B3 250.00 reference                                 0.00
  -                                         80.00    MATCHED            B4 80.00 unique_amount                              0.00
  ref=OTHER-9                               80.00    MATCHED            B4 80.00 unique_amount                              0.00
  -                                         250.00   PARTIALLY_MATCHED  B1 100.00 + B2 150.00     0.00
  -                                         350.00   MATCHED            B1 100.00 + B2 250.00     0.00
  -                                         30.00    PARTIALLY_MATCHED  B1 30.00                               0.00
  id=B4                                     30.00    PARTIALLY_MATCHED  B4 30.00 named_first                                0.00
  id=B4                                     100.00   PARTIALLY_MATCHED  B4 80.00 named_first + B1 20.00        0.00
  id=B4 ref=INV-0002                        250.00   MATCHED            B2 250.00 reference                                 0.00
  -                                         700.00   OVERPAID           B1 100.00 + B2 250.00 + B3 250.00 + B4 80.00           20.00
  hospital=H2                               80.00    UNMATCHED          -                                                   80.00
"""


@pytest.mark.parametrize("row", rows(REPAYMENTS), ids=lambda row: " ".join(row[:2]))
def test_a_repayment_goes_where_finance_expects_it(row: list[str]) -> None:
    words, amount, state, goes, left = row
    outcome = match(open_items(OPEN), came_in(f"{words} patient=P1" if words != "-" else "patient=P1", amount))
    assert (outcome.state, where(outcome), outcome.residual_cents) == (state, goes, cents(left))


def test_nothing_open_leaves_all_of_the_money() -> None:
    outcome = match([], Incoming("T1", 500))
    assert (outcome.state, outcome.residual_cents, outcome.reasons[0].code) == ("UNMATCHED", 500, "NOTHING_OPEN")


def test_an_amount_of_nothing_is_no_match() -> None:
    assert match(open_items(OPEN), Incoming("T1", 0)).reasons[0].code == "AMOUNT_NOT_POSITIVE"
