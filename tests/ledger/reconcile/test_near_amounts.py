"""Amounts that nearly agree."""

from ledger.matching.terms import Fee
from ledger.reconcile.terms import FileTerms
from tests.ledger.reconcile.files import matched, proposed, run


def test_a_near_amount_without_a_reference_is_for_a_person() -> None:
    ledger = "id, date, amount\nL1, 2026-01-05, 75000.00"
    bank = "id, date, amount\nB1, 2026-01-06, 74975.00"
    assert proposed(run(ledger, bank)) == {"MISMATCHED L1 = B1: AMOUNT_DIFFERS"}
    wire = FileTerms(fees=(Fee("wire", 2500),))
    assert (matched(run(ledger, bank, wire)), proposed(run(ledger, bank, wire))) == (set(), {"PROPOSED L1 = B1: AMOUNT_DIFFERS"})
