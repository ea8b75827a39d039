"""The reference agrees, the amount does not."""

import pytest

from ledger.matching.terms import Fee
from ledger.reconcile.terms import FileTerms
from tests.ledger.reconcile.files import matched, proposed, run


def test_the_same_reference_with_another_amount_is_for_a_person() -> None:
    found = run(
        """
        id, date,       amount, reference
        L1, 2026-01-05, 200.00, INV-1001
        L2, 2026-01-05, 300.00, INV-1002
        """,
        """
        id, date,       amount, reference
        B1, 2026-01-06, 195.00, INV-1001
        B2, 2026-06-06, 300.00, INV-1002
        """,
    )
    assert matched(found) == set()
    assert proposed(found) == {"PROPOSED L1 = B1: AMOUNT_DIFFERS", "PROPOSED L2 = B2: DATE_OUTSIDE_WINDOW"}
    delta = next(g for g in found.proposals if g.reasons[0].field == "amount").reasons[0]
    assert (delta.left, delta.right, delta.delta) == ("200.00", "195.00", -500)


LEDGER_OF_ONE = """
    id, date,       amount, reference
    L1, 2026-01-05, 200.00, INV-1001
    """


def test_a_known_fee_a_stated_fee_and_a_tolerance_explain_a_difference() -> None:
    bank = "id, date, amount, reference\nB1, 2026-01-06, {}, INV-1001"
    card = FileTerms(fees=(Fee("card", 30, 290),))
    assert matched(run(LEDGER_OF_ONE, bank.format("193.90"), card)) == {"L1 = B1 known_fee"}
    assert matched(run(LEDGER_OF_ONE, bank.format("193.91"), card)) == set()
    assert matched(run(LEDGER_OF_ONE, bank.format("199.95"), FileTerms(tolerance_cents=5))) == {"L1 = B1 tolerance"}
    assert matched(run(LEDGER_OF_ONE, bank.format("201.00"), FileTerms(tolerance_basis_points=50))) == {"L1 = B1 tolerance"}
    assert matched(run(LEDGER_OF_ONE, bank.format("201.01"), FileTerms(tolerance_basis_points=50))) == set()
    stated = "id, date, amount, fee, reference\nB1, 2026-01-06, 193.20, 6.80, INV-1001"
    assert matched(run(LEDGER_OF_ONE, stated)) == {"L1 = B1 known_fee"}


PAID_OUT = """
    id, date,       amount, payout
    L1, 2026-01-05, 100.00, PO-7001
    L2, 2026-01-05, 200.00, PO-7001
    L3, 2026-01-05, 300.00, PO-7001
    """


def test_a_pay_out_less_fees_is_explained_by_the_row_or_by_the_schedule() -> None:
    stated = "id, date, amount, fee, reference\nB1, 2026-01-06, 582.00, 18.00, PO-7001"
    assert matched(run(PAID_OUT, stated)) == {"L1+L2+L3 = B1 known_fee"}
    each = "id, date, amount, reference\nB1, 2026-01-06, 581.70, PO-7001"
    assert matched(run(PAID_OUT, each, FileTerms(fees=(Fee("card", 30, 290),)))) == {"L1+L2+L3 = B1 known_fee"}


def test_a_pay_out_that_nothing_explains_is_for_a_person() -> None:
    short = "id, date, amount, reference\nB1, 2026-01-06, 555.00, PO-7001"
    assert matched(run(PAID_OUT, short)) == set()
    assert proposed(run(PAID_OUT, short)) == {"PROPOSED L1+L2+L3 = B1: AMOUNT_DIFFERS"}


def test_the_only_row_of_several_that_a_fee_explains_is_the_one() -> None:
    bank = "id, date, amount, reference\nB1, 2026-01-06, 193.90, INV-1001\nB2, 2026-01-06, 77.77, INV-1001"
    assert matched(run(LEDGER_OF_ONE, bank, FileTerms(fees=(Fee("card", 30, 290),)))) == {"L1 = B1 known_fee"}


def test_a_few_cents_under_one_reference_are_rounding_unless_the_mapping_says_otherwise() -> None:
    bank = "id, date, amount, reference\nB1, 2026-01-06, 199.97, INV-1001"
    assert matched(run(LEDGER_OF_ONE, bank)) == {"L1 = B1 tolerance"}
    assert proposed(run(LEDGER_OF_ONE, bank, FileTerms(tolerance_cents=0))) == {"PROPOSED L1 = B1: AMOUNT_DIFFERS"}


PARTS = """
bank rows                                                                       | confirmed
B1, 2026-01-06, 80.00, INV-1001, OKAFOR                                         | L1 = B1 named_first
B1, 2026-01-06, 80.00, INV-1001, OKAFOR; B2, 2026-01-20, 50.00, INV-1001, OKAFOR | L1 = B1+B2 named_first
B1, 2026-01-06, 200.00, INV-1001, OKAFOR                                        | L1 = B1 reference
B1, 2026-01-06, 280.00, INV-1001, OKAFOR                                        |
B1, 2026-01-06, -80.00, INV-1001, OKAFOR                                        |
B1, 2026-01-06, 80.00, INV-1001, WILLIAM LARSEN                                 |
B1, 2026-06-06, 80.00, INV-1001, OKAFOR                                         |
"""


@pytest.mark.parametrize("line", PARTS.strip().splitlines()[1:])
def test_a_part_of_the_amount_is_for_a_person_unless_the_mapping_takes_parts(line: str) -> None:
    rows, says = (part.strip() for part in line.split("|"))
    ledger = "id, date, amount, reference, name\nL1, 2026-01-05, 200.00, INV-1001, Okafor"
    bank = "id, date, amount, reference, description\n" + "\n".join(rows.split(";"))
    assert matched(run(ledger, bank, FileTerms(parts=True, sign="same"))) == ({says} if says else set())
    if "reference" not in says:
        assert matched(run(ledger, bank, FileTerms(sign="same"))) == set()
