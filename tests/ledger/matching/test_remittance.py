"""Insurers' deposits and the bills that their remittance advices name."""

import pytest

from ach.rail import AchRail
from ledger.advice import Advice, Trace
from ledger.matching.item import Expected, Incoming
from ledger.matching.remittance import agreed, says_trace
from tests.ledger.columns import columns

ITEMS = [
    Expected("B1", "INV-1", 60_00, "2026-04-01", 0, "P1", "H1"),
    Expected("B2", "INV-2", 50_00, "2026-04-01", 0, "P2", "H1"),
    Expected("B3", "INV-2", 50_00, "2026-04-01", 0, "P2", "H1"),
    Expected("B4", "INV-4", 10_00, "2026-04-01", 0, "P1", "H2"),
]

CASES = """
bills              | advised | day        | came   | settled    | answer
B1=60.00           | 60.00   | 2026-03-04 | 60.00  | 2026-03-04 | B1 60.00
inv.1=60.00        | 60.00   | 2026-03-04 | 60.00  | 2026-03-04 | B1 60.00
B1=20.00           | 20.00   | 2026-03-04 | 20.00  | 2026-03-04 | B1 20.00
B2=50.00 B1=10.00  | 60.00   | 2026-03-04 | 60.00  | 2026-03-04 | B1 10.00, B2 50.00
B1=20.00 B1=40.00  | 60.00   | 2026-03-04 | 60.00  | 2026-03-04 | B1 60.00
B1=60.00           | 60.00   | 2026-03-09 | 60.00  | 2026-03-04 | B1 60.00
B1=60.00           | 60.00   | 2026-03-10 | 60.00  | 2026-03-04 | DATE_OUTSIDE_WINDOW
B1=60.00           | 60.00   | 2026-02-26 | 60.00  | 2026-03-04 | DATE_OUTSIDE_WINDOW
B1=60.00           | 60.00   | 2026-03-04 | 60.01  | 2026-03-04 | AMOUNT_DIFFERS
B1=60.00           | 60.01   | 2026-03-04 | 60.01  | 2026-03-04 | AMOUNT_DIFFERS
B1=60.01           | 60.01   | 2026-03-04 | 60.01  | 2026-03-04 | AMOUNT_DIFFERS
B1=40.00 B1=21.00  | 61.00   | 2026-03-04 | 61.00  | 2026-03-04 | AMOUNT_DIFFERS
B9=60.00           | 60.00   | 2026-03-04 | 60.00  | 2026-03-04 | BALANCE_UNKNOWN
INV-2=50.00        | 50.00   | 2026-03-04 | 50.00  | 2026-03-04 | NOT_UNIQUE
B4=10.00           | 10.00   | 2026-03-04 | 10.00  | 2026-03-04 | BALANCE_UNKNOWN
B9=60.00           | 70.00   | 2026-03-20 | 80.00  | 2026-03-04 | AMOUNT_DIFFERS, AMOUNT_DIFFERS, DATE_OUTSIDE_WINDOW, BALANCE_UNKNOWN
"""


def _cents(amount: str) -> int:
    return int(amount.replace(".", ""))


@pytest.mark.parametrize("case", columns(CASES), ids=lambda case: f"{case[0]} of {case[3]}")
def test_the_bills_of_an_advice_are_paid_to_the_cent_or_not_at_all(case: list[str]) -> None:
    bills, advised, day, came, settled, answer = case
    pays = tuple((name, _cents(cents)) for name, _, cents in (bill.partition("=") for bill in bills.split()))
    advice = Advice("A1", "H1", Trace("E1", "INSURER"), _cents(advised), day, pays)
    money = Incoming("D1", _cents(came), hospital_id="H1", day=settled)
    found = agreed(advice, money, ITEMS, AchRail().add_banking_days)
    paid = ", ".join(f"{part.balance_id} {part.amount_cents / 100:.2f}" for part in found.allocations)
    assert (paid or ", ".join(reason.code.value for reason in found.reasons)) == answer
    assert sum(part.amount_cents for part in found.allocations) + found.residual_cents == money.amount_cents


def test_an_advice_of_another_hospital_is_not_followed() -> None:
    advice = Advice("A1", "H2", Trace("E1", "INSURER"), 60_00, "2026-03-04", (("B1", 60_00),))
    found = agreed(advice, Incoming("D1", 60_00, hospital_id="H1", day="2026-03-04"), ITEMS, AchRail().add_banking_days)
    assert [reason.code.value for reason in found.reasons] == ["HOSPITAL_DIFFERS"]


@pytest.mark.parametrize(("reference", "says"), [("hcclaimpmt 4711", True), ("TRN:1:E1:INSURER", True), ("INV-7", False), ("TRN-7", False)])
def test_a_trace_names_no_bill(reference: str, says: bool) -> None:
    assert says_trace(reference) is says
