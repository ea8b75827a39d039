"""Spreading a repayment by kind before age, when the terms say so."""

from ledger.matching.item import Expected, Incoming
from ledger.matching.match import match
from ledger.matching.terms import Terms

ITEMS = [
    Expected("principal-1", "", 10_000, "2026-01-05", 1, "P1", "H1", "principal"),
    Expected("interest-1", "", 1_000, "2026-01-05", 1, "P1", "H1", "interest"),
    Expected("fee-2", "", 500, "2026-02-05", 2, "P1", "H1", "fee"),
    Expected("other", "", 700, "2026-01-01", 0, "P1", "H1"),
]


def test_fees_then_interest_then_principal_then_what_has_no_kind() -> None:
    terms = Terms(version="by-kind@1", kinds=("fee", "interest", "principal"))
    outcome = match(ITEMS, Incoming("T1", 11_600), terms)
    assert [(a.balance_id, a.amount_cents) for a in outcome.allocations] == [
        ("fee-2", 500),
        ("interest-1", 1_000),
        ("principal-1", 10_000),
        ("other", 100),
    ]
    assert (outcome.state, outcome.terms) == ("PARTIALLY_MATCHED", "by-kind@1")


def test_by_age_alone_items_of_one_day_go_by_when_they_were_opened() -> None:
    outcome = match(ITEMS, Incoming("T1", 11_600))
    assert [a.balance_id for a in outcome.allocations] == ["other", "interest-1", "principal-1"]
    assert outcome.reasons[-1].delta == -100
