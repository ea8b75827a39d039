"""Insurers' deposits and their remittance advices."""

import pytest

from ledger.matching.remittance import Remittance, Trace, reassociate, trn_segment
from tests.ledger.matching.tables import cents, rows

SEGMENTS = """
# addenda                              trace     payer
  TRN*1*EFT4711*1512345678~            EFT4711   1512345678
  TRN*1*EFT4711*1512345678*DEPT9\\     EFT4711   1512345678
  TRN*2*EFT4711*1512345678~            -         -
  TRN*1**1512345678~                   -         -
  RMR*IV*4711                          -         -
"""


@pytest.mark.parametrize("row", rows(SEGMENTS), ids=lambda row: row[0])
def test_the_trace_of_an_addenda(row: list[str]) -> None:
    addenda, number, payer = row
    assert trn_segment(addenda) == (None if number == "-" else Trace(number, payer))


def remittances(table: str) -> list[Remittance]:
    return [
        Remittance(name, day, cents(amount), None if trace == "-" else Trace(trace, "1512345678"))
        for name, day, amount, trace in rows(table)
    ]


ADVICES = """
# advice  effective   amount   trace
  A1      2026-01-05  500.00   EFT1
  A2      2026-01-05  500.00   EFT2
  A3      2026-01-06  75.00    EFT3
  A4      2026-01-06  80.00    EFT4
  A5      2026-01-06  80.00    EFT4
"""

DEPOSITS = """
# deposit  effective   amount   trace
  D1       2026-01-05  500.00   EFT2
  D2       2026-01-05  500.00   EFT1
  D3       2026-01-07  74.00    EFT3
  D4       2026-01-06  80.00    EFT4
  D5       2026-01-06  99.00    EFT9
  D6       2026-01-06  99.00    -
"""


def test_date_amount_and_trace_together_are_the_key() -> None:
    answer = reassociate(remittances(ADVICES), remittances(DEPOSITS))
    assert answer.pairs == (("A2", "D1"), ("A1", "D2"))
    assert {name: [(r.code, r.delta) for r in reasons] for name, reasons in answer.unmatched} == {
        "D3": [("AMOUNT_DIFFERS", -100), ("DATE_OUTSIDE_WINDOW", 0)],
        "D4": [("NOT_UNIQUE", 0)],
        "D5": [("REFERENCE_DIFFERS", 0)],
        "D6": [("REFERENCE_BLANK", 0)],
    }


def test_the_order_of_the_files_does_not_matter() -> None:
    advices, deposits = remittances(ADVICES), remittances(DEPOSITS)
    assert reassociate(advices[::-1], deposits[::-1]) == reassociate(advices, deposits)
