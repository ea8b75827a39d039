"""Not yet, or missing: the clock of an expected item, in banking days."""

import pytest

from ach.rail import AchRail
from ledger.matching.deadline import ach_terms, missing, missing_from, standing
from ledger.matching.item import Expected
from ledger.matching.terms import DEPOSIT
from tests.ledger.matching.tables import rows

TERMS = ach_terms(DEPOSIT, AchRail().add_banking_days)

CLOCK = """
# due         first day   last day    missing from   why
  2026-01-05  2026-01-05  2026-01-09  2026-01-13     Monday: T+1, three days late, one of grace, then the next banking day
  2026-01-14  2026-01-14  2026-01-21  2026-01-23     Martin Luther King day is no banking day
  2026-01-17  2026-01-20  2026-01-23  2026-01-27     due on a Saturday before a holiday
"""


def item(due: str, open_cents: int = 100) -> Expected:
    return Expected(f"B-{due}", "", open_cents, due, 0, "P1", "H1")


@pytest.mark.parametrize("row", rows(CLOCK), ids=lambda row: row[0])
def test_the_window_of_an_ach_debit(row: list[str]) -> None:
    due, first, last, missing_day, _ = row
    assert (*TERMS.window(due), missing_from(due, TERMS)) == (first, last, missing_day)


@pytest.mark.parametrize(
    ("today", "state"), [("2026-01-04", "EXPECTED"), ("2026-01-12", "EXPECTED"), ("2026-01-13", "MISSING"), ("2026-03-01", "MISSING")]
)
def test_missing_is_never_said_before_the_window_and_its_grace_are_over(today: str, state: str) -> None:
    assert standing(item("2026-01-05"), today, TERMS) == state


def test_a_paid_item_is_never_missing_and_an_open_window_never_closes() -> None:
    assert standing(item("2026-01-05", 0), "2027-01-01", TERMS) == "MATCHED"
    assert standing(item("2026-01-05"), "2027-01-01", DEPOSIT) == "EXPECTED"


def test_missing_items_come_oldest_first_with_the_window_that_closed() -> None:
    found = missing([item("2026-01-14"), item("2026-01-05"), item("2026-09-01")], "2026-02-02", TERMS)
    assert [(i.due_date, r.code, r.left, r.right) for i, r in found] == [
        ("2026-01-05", "WINDOW_CLOSED", "2026-01-09", "2026-02-02"),
        ("2026-01-14", "WINDOW_CLOSED", "2026-01-21", "2026-02-02"),
    ]
