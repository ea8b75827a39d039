"""All the money of a window at once: duplicates, competitors, and several payments for one item."""

import pytest

from ledger.matching.batch import match_batch
from ledger.matching.terms import DEFAULT, DEPOSIT, Terms
from tests.ledger.matching.tables import came_in, open_items, rows, where

OPEN = """
# balance  reference   open    due         patient  hospital
  B1       INV-0001    100.00  2026-01-05  P1       H1
  B2       INV-0002    250.00  2026-02-05  P1       H1
"""

CASES = """
# case                                                terms      money                                                           answers
  the same trace number twice pays once               deposit    ref=INV-0001 trace=X9 100.00; ref=INV-0001 trace=X9 100.00      MATCHED B1 100.00 reference; DUPLICATE -
  two that compete for one amount get neither         deposit    - 100.00; - 100.00                                              MISMATCHED -; MISMATCHED -
  the named one gets the item, the other nothing      deposit    - 100.00; ref=INV-0001 100.00                                   UNMATCHED -; MATCHED B1 100.00 reference
  three parts that name one item and make it exactly  deposit    ref=INV-0002 100.00; ref=INV-0002 90.00; ref=INV-0002 60.00     MATCHED B2 100.00 exact_sum; MATCHED B2 90.00 exact_sum; MATCHED B2 60.00 exact_sum
  parts that do not make it are only proposed         deposit    ref=INV-0002 100.00; ref=INV-0002 90.00                         PROPOSED -; PROPOSED -
  an instalment paid twice goes to the next one       repayment  ref=INV-0001 100.00; ref=INV-0001 100.00                        MATCHED B1 100.00 reference; PARTIALLY_MATCHED B2 100.00
"""  # noqa: E501

TERMS: dict[str, Terms] = {"deposit": DEPOSIT, "repayment": DEFAULT}


@pytest.mark.parametrize("row", rows(CASES), ids=lambda row: row[0])
def test_the_money_of_a_window(row: list[str]) -> None:
    _, terms, money, answers = row
    incomings = []
    for n, line in enumerate(money.split("; ")):
        words, amount = line.rsplit(" ", 1)
        incomings.append(came_in(words, amount, f"T{n}"))
    batch = match_batch(open_items(OPEN), incomings, TERMS[terms])
    assert [f"{outcome.state} {where(outcome)}" for _, outcome in batch.outcomes] == answers.split("; ")


def test_a_late_payment_does_not_take_the_unique_amount_of_another() -> None:
    batch = match_batch(open_items(OPEN), [came_in("-", "300.00", "T0"), came_in("-", "100.00", "T1")])
    assert [where(outcome) for _, outcome in batch.outcomes] == ["B2 250.00", "B1 100.00 unique_amount"]
    assert batch.outcomes[0][1].state == "OVERPAID"
