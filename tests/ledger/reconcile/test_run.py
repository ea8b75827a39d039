"""Business cases of two files: what a finance person would say belongs together, and what not."""

from ledger.matching.terms import Fee
from ledger.reconcile.terms import FileTerms
from tests.ledger.reconcile.files import left_out, matched, proposed, run


def test_references_are_found_wherever_the_bank_puts_them() -> None:
    found = run(
        """
        id, date,       amount, invoice,      memo
        L1, 2026-01-05, 100.00, INV-2026-001, instalment
        L2, 2026-01-05, 100.00, INV-2026-002, instalment
        L3, 2026-01-05, 100.00, INV-2026-003, instalment
        L4, 2026-01-05, 100.00, INV-2026-004, instalment
        """,
        """
        bank_id, booking_date, amount, reference,   description
        B1,      2026-01-06,   100.00, inv2026/001, ach credit
        B2,      2026-01-07,   100.00, ,            ACH CREDIT INV-2026-002 OKAFOR
        B3,      2026-01-06,   100.00, INV 2026003, ach credit
        B4,      2026-01-06,   100.00, ,            PAYMENT INV 2026004
        """,
    )
    assert matched(found) == {"L1 = B1 reference", "L2 = B2 reference", "L3 = B3 reference", "L4 = B4 reference"}
    assert left_out(found) == {}


def test_blank_references_never_match_each_other() -> None:
    found = run(
        """
        id, date,       amount, reference
        L1, 2026-01-05, 100.00,
        L2, 2026-01-05, 200.00, N/A
        """,
        """
        id, date,       amount, reference
        B1, 2026-01-05, 150.00,
        B2, 2026-01-05, 251.00, N/A
        """,
    )
    assert matched(found) == proposed(found) == set()
    assert left_out(found)["left L2"] == "UNMATCHED: REFERENCE_BLANK, AMOUNT_DIFFERS"


def test_equal_amounts_are_told_apart_by_the_words_that_banks_cut_short() -> None:
    found = run(
        """
        id, date,       amount,   details
        L1, 2026-01-08, -5500.00, Meyer & Associates legal retainer
        L2, 2026-01-08, -5500.00, K. Meyer Consulting Group audit
        L3, 2026-01-08, -3400.00, Boiler service check 4519
        L4, 2026-01-09, -3400.00, Boiler service check 4520
        """,
        """
        id, date,       amount,   description
        B1, 2026-01-09, -5500.00, ACH DEBIT K MEYER CONS GRP
        B2, 2026-01-09, -5500.00, ACH DEBIT MEYER ASSOC
        B3, 2026-01-12, -3400.00, CHECK #4520
        B4, 2026-01-12, -3400.00, CHECK #4519
        """,
    )
    assert matched(found) == {"L1 = B2 unique_amount", "L2 = B1 unique_amount", "L3 = B4 reference", "L4 = B3 reference"}


def test_a_near_amount_without_a_reference_is_for_a_person() -> None:
    ledger = "id, date, amount\nL1, 2026-01-05, 75000.00"
    bank = "id, date, amount\nB1, 2026-01-06, 74975.00"
    assert proposed(run(ledger, bank)) == {"MISMATCHED L1 = B1: AMOUNT_DIFFERS"}
    wire = FileTerms(fees=(Fee("wire", 2500),))
    assert (matched(run(ledger, bank, wire)), proposed(run(ledger, bank, wire))) == (set(), {"PROPOSED L1 = B1: AMOUNT_DIFFERS"})


def test_an_amount_that_is_alone_in_its_window_matches_and_one_outside_does_not() -> None:
    found = run(
        """
        id, date,       amount, reference
        L1, 2026-01-05, 111.11, A-1
        L2, 2026-01-05, 222.22, A-2
        """,
        """
        id, date,       amount, reference
        B1, 2026-01-08, 111.11,
        B2, 2026-03-08, 222.22,
        """,
    )
    assert matched(found) == {"L1 = B1 unique_amount"}
    assert left_out(found)["left L2"] == "UNMATCHED: REFERENCE_DIFFERS, DATE_OUTSIDE_WINDOW"


def test_equal_amounts_without_anything_else_are_ambiguous() -> None:
    found = run(
        """
        id, date,       amount
        L1, 2026-01-05, 50.00
        L2, 2026-01-06, 50.00
        """,
        """
        id, date,       amount
        B1, 2026-01-06, 50.00
        B2, 2026-01-07, 50.00
        """,
    )
    assert matched(found) == set()
    assert proposed(found) == {"AMBIGUOUS L1+L2 = B1+B2: NOT_UNIQUE"}


def test_equal_amounts_are_told_apart_by_name() -> None:
    found = run(
        """
        id, date,       amount, patient name
        L1, 2026-01-05, 50.00,  Ada Okafor
        L2, 2026-01-05, 50.00,  Ben Larsen
        """,
        """
        id, date,       amount, description
        B1, 2026-01-06, 50.00,  ACH CREDIT LARSEN BEN
        B2, 2026-01-06, 50.00,  ACH CREDIT OKAFOR ADA
        """,
    )
    assert matched(found) == {"L1 = B2 unique_amount", "L2 = B1 unique_amount"}


def test_a_pay_out_is_many_to_one_and_a_payment_in_parts_one_to_many() -> None:
    found = run(
        """
        id, date,       amount, payout
        L1, 2026-01-05, 100.00, PO-7
        L2, 2026-01-05, 150.00, PO-7
        L3, 2026-01-05, 300.00, INV-9
        """,
        """
        id, date,       amount, reference
        B1, 2026-01-07, 250.00, PO-7
        B2, 2026-01-06, 100.00, INV-9
        B3, 2026-01-08, 200.00, INV-9
        """,
    )
    assert matched(found) == {"L1+L2 = B1 exact_sum", "L3 = B2+B3 exact_sum"}


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


def test_some_rows_of_a_window_that_make_a_deposit_are_only_proposed() -> None:
    found = run(
        """
        id, date,       amount
        L1, 2026-01-05, 100.10
        L2, 2026-01-06, 150.20
        L3, 2026-01-06, 33.33
        """,
        """
        id, date,       amount
        B1, 2026-01-07, 250.30
        """,
    )
    assert matched(found) == set()
    assert proposed(found) == {"PROPOSED L1+L2 = B1: REFERENCE_BLANK"}


def test_a_copy_of_a_bank_row_is_a_duplicate() -> None:
    found = run(
        """
        id, date,       amount, reference
        L1, 2026-01-05, 100.00, INV-1001
        """,
        """
        id, date,       amount, reference
        B1, 2026-01-06, 100.00, INV-1001
        B2, 2026-01-06, 100.00, INV-1001
        """,
    )
    assert matched(found) == {"L1 = B1 reference"}
    assert left_out(found) == {"right B2": "DUPLICATE: SEEN_BEFORE"}


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


def test_another_currency_never_matches() -> None:
    found = run(
        """
        id, date,       amount, currency, reference
        L1, 2026-01-05, 100.00, USD,      INV-1001
        L2, 2026-01-05, 90.00,  EUR,      INV-1002
        """,
        """
        id, date,       amount, currency, reference
        B1, 2026-01-05, 100.00, EUR,      INV-1001
        B2, 2026-01-05, 90.00,  EUR,      INV-1002
        """,
    )
    assert matched(found) == {"L2 = B2 reference"}


def test_a_typing_mistake_confirms_nothing_by_itself() -> None:
    ledger = """
        id, date,       amount, reference
        L1, 2026-01-05, 100.00, INV-20260017
        L2, 2026-01-05, 100.00, INV-20260042
        L3, 2026-01-05, 77.00,  INV-20260099
        L4, 2026-01-05, 12.00,  INV-20260100
        """
    bank = """
        id, date,       amount, reference
        B1, 2026-01-06, 100.00, INV-20260071
        B2, 2026-01-06, 100.00, XYZ-99999999
        B3, 2026-01-06, 77.00,  INV-2026099
        B4, 2026-01-06, 12.00,  INV-20260100
        """
    found = run(ledger, bank)
    assert matched(found) == {"L3 = B3 unique_amount", "L4 = B4 reference"}
    assert "PROPOSED L1 = B1: REFERENCE_DIFFERS" in proposed(found)
    assert "MISMATCHED L2 = B2: REFERENCE_DIFFERS" in proposed(found)


def test_numbers_that_count_the_rows_of_each_file_are_no_references() -> None:
    found = run(
        """
        id, date,       amount
        1,  2026-01-05, 10.00
        2,  2026-01-05, 20.00
        3,  2026-01-05, 30.00
        """,
        """
        id, date,       amount
        1,  2026-01-05, 20.00
        2,  2026-01-05, 30.00
        3,  2026-01-05, 10.00
        """,
    )
    assert matched(found) == {"1 = 3 unique_amount", "2 = 1 unique_amount", "3 = 2 unique_amount"}


def test_signs_of_the_bank_may_be_the_other_way_round_or_missing() -> None:
    ledger = "id, date, amount\nL1, 2026-01-05, 10.00\nL2, 2026-01-05, -20.00\nL3, 2026-01-05, 30.00"
    opposite = "id, date, amount\nB1, 2026-01-05, -10.00\nB2, 2026-01-05, 20.00\nB3, 2026-01-05, -30.00"
    absolute = "id, date, amount\nB1, 2026-01-05, 10.00\nB2, 2026-01-05, 20.00\nB3, 2026-01-05, 30.00"
    for bank, sign in ((opposite, "opposite"), (absolute, "absolute")):
        found = run(ledger, bank)
        assert found.both.sign == sign
        assert len(matched(found)) == 3


def test_an_unreadable_row_is_told_and_takes_no_part() -> None:
    found = run("id, date, amount\nL1, 2026-01-05, 10.00\nL2, 2026-01-05, ten", "id, date, amount\nB1, 2026-01-05, 10.00")
    assert matched(found) == {"L1 = B1 unique_amount"}
    assert left_out(found) == {"left 2": "UNMATCHED: UNREADABLE"}


def test_files_without_dates_match_by_reference_and_unique_amount() -> None:
    found = run("id, amount, reference\nL1, 10.00, INV-1001\nL2, 20.00,", "id, amount, reference\nB1, 10.00, INV-1001\nB2, 20.00,")
    assert matched(found) == {"L1 = B1 reference", "L2 = B2 unique_amount"}
