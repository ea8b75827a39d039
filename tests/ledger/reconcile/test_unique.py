"""Rows that only their amount and their words tie together."""

import pytest

from tests.ledger.reconcile.files import left_out, matched, proposed, run


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


def test_people_who_share_a_part_of_their_names_are_told_apart_by_the_whole() -> None:
    found = run(
        """
        id, date,       amount, customer
        L1, 2026-01-05, 50.00,  Gus Khan
        L2, 2026-01-06, 50.00,  Gus Yilmaz
        L3, 2026-01-06, 50.00,  Dara Yilmaz
        """,
        """
        id, date,       amount, description
        B1, 2026-01-08, 50.00,  ACH CREDIT DARA YILMAZ
        B2, 2026-01-07, 50.00,  ACH CREDIT GUS KHAN
        B3, 2026-01-07, 50.00,  ACH CREDIT GUS YILMAZ
        """,
    )
    assert matched(found) == {"L1 = B2 unique_amount", "L2 = B3 unique_amount", "L3 = B1 unique_amount"}


ALONE = """
ledger                        | bank                                   | outcome
INV-10432 Ada Okafor          | INV-10423 ACH ADA OKAFOR               | confirmed
INV-10432 Ada Okafor          | INV-10433 ACH ADA OKAFOR               | confirmed
INV-10432 Ada Okafor          | INV-10433 ACH BEN LARSEN               | MISMATCHED or PROPOSED
INV-10432 Ada Okafor          | INV-10423 ACH BEN LARSEN               | MISMATCHED or PROPOSED
INV-10432 Ada Okafor          | PMT/INV-10432/A ACH                    | confirmed
INV-10432 Ada Okafor          | INV-104 ACH ADA OKAFOR                 | confirmed
INV-10432 Ada Okafor          | PO-77812 ACH ADA OKAFOR                | MISMATCHED or PROPOSED
INV-10432 Ada Okafor          | N/A ACH                                | confirmed
"""
OTHERS = [
    (n, f"INV-2{n:04d}", f"{given} {family}")
    for n, (given, family) in enumerate([("Eli", "Rossi"), ("Fay", "Patel"), ("Kai", "Moreau")] * 5)
]


@pytest.mark.parametrize("line", ALONE.strip().splitlines()[1:])
def test_an_amount_that_is_alone_under_a_reference_that_is_not_the_same(line: str) -> None:
    left, right, outcome = (cell.strip() for cell in line.split("|"))
    ledger = ["id, date, amount, reference, name", f"L, 2026-01-05, 123.45, {left.replace(' ', ',', 1)}"]
    bank = ["id, date, amount, reference, description", f"B, 2026-01-06, 123.45, {right.replace(' ', ',', 1)}"]
    for n, reference, name in OTHERS:
        ledger.append(f"L{n}, 2026-01-05, {n + 500}.00, {reference}, {name}")
        bank.append(f"B{n}, 2026-01-06, {n + 500}.00, {reference}, ACH {name.upper()}")
    found = run("\n".join(ledger), "\n".join(bank))
    assert ("L = B unique_amount" in matched(found)) is (outcome == "confirmed")
    assert len(proposed(found)) == (outcome != "confirmed")
