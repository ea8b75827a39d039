"""Money less a fee that comes without a reference."""

import pytest

from ledger.matching.terms import Fee
from ledger.reconcile.terms import FileTerms
from tests.ledger.reconcile.files import matched, proposed, run

LEDGER = "id, date, amount, name\nL1, 2026-01-05, 200.00, Okafor\nL2, 2026-01-05, 50.00, Larsen"
CARD = FileTerms(fees=(Fee("card", 30, 290),))
NET = """
bank's rows (amount, fee)     | terms | confirmed         | for a person
193.20, 6.80                  | none  | L1 = B1 known_fee |
193.90,                       | card  |                   | PROPOSED L1 = B1: AMOUNT_DIFFERS
193.90, ; 193.90,             | card  |                   |
193.90, 6.80                  | none  |                   | MISMATCHED L1 = B1: AMOUNT_DIFFERS
"""


@pytest.mark.parametrize("line", NET.strip().splitlines()[1:])
def test_a_stated_fee_confirms_and_a_schedule_proposes(line: str) -> None:
    rows, terms, sure, likely = (cell.strip() for cell in line.split("|"))
    lines = [f"B{n}, 2026-01-06, {row.strip()}" for n, row in enumerate(rows.split(";"), 1)]
    found = run(LEDGER, "\n".join(["id, date, amount, fee", *lines]), CARD if terms == "card" else FileTerms())
    assert (matched(found), proposed(found)) == ({sure} - {""}, {likely} - {""})


def test_the_fee_may_stand_in_the_ledger() -> None:
    ledger = "id, date, amount, fee\nL1, 2026-01-05, 200.00, 6.80"
    assert matched(run(ledger, "id, date, amount\nB1, 2026-01-06, 193.20")) == {"L1 = B1 known_fee"}
