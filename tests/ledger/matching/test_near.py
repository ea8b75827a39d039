"""Deposits that nobody announced: only the sure ones move money, the rest says what differs."""

import pytest

from ach.rail import AchRail
from ledger.matching.match import match
from ledger.matching.terms import Fee, Terms
from tests.ledger.matching.tables import came_in, cents, open_items, rows, where

TERMS = Terms(
    version="test@1",
    allocate="exact",
    tolerance_cents=5,
    fees=(Fee("card", flat_cents=30, basis_points=290),),
    banking_days_before=1,
    banking_days_after=4,
    add_banking_days=AchRail().add_banking_days,
)

OPEN = """
# balance  reference       open    due         patient  hospital
  B1       INV-20260001    100.00  2026-01-05  P1       H1
  B2       INV-20260002    250.00  2026-01-05  P1       H1
  B3       -               70.00   2026-01-06  P1       H1
  B4       -               30.00   2026-01-06  P2       H1
  B5       INV-20260005    250.00  2026-01-07  P3       H1
"""

DEPOSITS = """
# what comes in                              amount  state       where it goes                              first reason          candidates
  ref=INV-20260002 day=2026-01-06            250.00  MATCHED     B2 250.00 reference                        -                     -
  ref=INV-20260002 day=2026-01-06            249.96  MATCHED     B2 249.96 tolerance                        -                     -
  ref=INV-20260001 day=2026-01-06            96.80   MATCHED     B1 96.80 known_fee                         -                     -
  ref=INV-20260001 day=2026-01-06            96.00   PROPOSED    -                                          AMOUNT_DIFFERS        B1
  ref=INV-20260001 day=2026-02-06            100.00  PROPOSED    -                                          DATE_OUTSIDE_WINDOW   B1
  ref=INV-20260010 day=2026-01-06            100.00  PROPOSED    -                                          REFERENCE_DIFFERS     B1
  day=2026-01-06                             70.00   MATCHED     B3 70.00 unique_amount                     -                     -
  patient=P1 day=2026-01-06                  250.00  MATCHED     B2 250.00 unique_amount                    -                     -
  patient=P9 day=2026-01-06                  70.00   MISMATCHED  -                                          REFERENCE_BLANK       B3
  day=2026-01-06                             250.00  AMBIGUOUS   -                                          REFERENCE_BLANK       B2
  patient=P1 day=2026-01-06                  170.00  MATCHED     B1 100.00 exact_sum + B3 70.00 exact_sum   -                     -
  day=2026-01-06                             350.00  MATCHED     B1 100.00 exact_sum + B2 250.00 exact_sum  -                     -
  patient=P1 day=2026-01-06                  11.00   UNMATCHED   -                                          REFERENCE_BLANK       B1
"""


@pytest.mark.parametrize("row", rows(DEPOSITS), ids=lambda row: " ".join(row[:2]))
def test_a_deposit_is_confirmed_only_when_it_is_sure(row: list[str]) -> None:
    words, amount, state, goes, why, candidates = row
    outcome = match(open_items(OPEN), came_in(words, amount), TERMS)
    first_reason = outcome.reasons[0].code if outcome.reasons else "-"
    first_candidate = "+".join(outcome.candidates[0].balance_ids) if outcome.candidates else "-"
    assert (outcome.state, where(outcome), first_reason) == (state, goes, why)
    assert first_candidate == candidates
    assert sum(a.amount_cents for a in outcome.allocations) + outcome.residual_cents == cents(amount)


def test_a_fee_that_explains_the_difference_stands_in_the_evidence() -> None:
    outcome = match(open_items(OPEN), came_in("ref=INV-20260001 day=2026-01-06 patient=P1", "96.80"), TERMS)
    assert outcome.allocations[0].evidence == ("reference 45", "amount 30", "date 15", "patient 10", "fee card 320")
    assert outcome.allocations[0].fee_cents == 320


def test_every_field_that_differs_is_a_reason_with_both_values() -> None:
    outcome = match(open_items(OPEN)[:1], came_in("ref=INV-20260012 day=2026-03-06 patient=P2", "90.00"), TERMS)
    told = [(r.code, r.left, r.right, r.delta) for r in outcome.candidates[0].reasons]
    assert told == [
        ("REFERENCE_DIFFERS", "INV-20260001", "INV-20260012", 2),
        ("AMOUNT_DIFFERS", "10000", "9000", -1000),
        ("DATE_OUTSIDE_WINDOW", "2026-01-05", "2026-03-06", 0),
        ("PATIENT_DIFFERS", "P1", "P2", 0),
    ]


SUMS = """
# balance  reference       open    due         patient  hospital
  C1       -               100.00  2026-01-05  P1       H1
  C2       -               60.00   2026-01-06  P1       H1
  C3       -               40.00   2026-01-06  P1       H1
  C4       -               50.00   2026-01-07  P1       H1
"""


def test_two_different_sums_are_a_persons_choice_fewest_then_oldest_first() -> None:
    outcome = match(open_items(SUMS), came_in("day=2026-01-07", "150.00"), TERMS)
    assert (outcome.state, where(outcome), outcome.residual_cents) == ("AMBIGUOUS", "-", 15000)
    assert [candidate.balance_ids for candidate in outcome.candidates] == [("C1", "C4"), ("C2", "C3", "C4")]
