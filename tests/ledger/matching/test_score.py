"""Points for evidence, and what they can and cannot do alone."""

import pytest

from ledger.matching.score import AMOUNT, CONFIRM_POINTS, DATE, EVIDENCE, PATIENT, REFERENCE, SCORES, differences
from ledger.matching.terms import DEPOSIT
from tests.ledger.matching.tables import came_in, open_items

ITEM = open_items("B1  INV-20260001  100.00  2026-01-05  P1  H1")[0]


def test_no_evidence_but_a_reference_can_confirm() -> None:
    assert SCORES[AMOUNT | DATE | PATIENT] < CONFIRM_POINTS <= SCORES[REFERENCE | AMOUNT | DATE]
    assert SCORES[REFERENCE | DATE | PATIENT] < CONFIRM_POINTS
    assert SCORES[-1] == 100
    assert EVIDENCE[REFERENCE | AMOUNT] == ("reference 45", "amount 30")


@pytest.mark.parametrize(
    ("words", "amount", "score"),
    [
        ("id=B1 patient=P1", "100.00", 100),
        ("ref=INV-20260001", "100.00", 90),
        ("ref=INV-20260010", "100.00", 86),
        ("ref=INV-20269999", "100.00", 45),
        ("-", "100.00", 45),
        ("-", "1.00", 15),
    ],
)
def test_the_score_of_a_pair(words: str, amount: str, score: int) -> None:
    assert differences(ITEM, came_in(words, amount), DEPOSIT)[0] == score


def test_beside_an_exact_reference_a_near_one_earns_nothing() -> None:
    assert differences(ITEM, came_in("ref=INV-20260010", "100.00"), DEPOSIT, typos_count=False)[0] == 45
