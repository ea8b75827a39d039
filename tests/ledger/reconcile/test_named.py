"""Rows that an identifier ties together."""

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
