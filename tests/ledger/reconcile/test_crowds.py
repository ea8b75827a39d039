"""Inputs that would take for ever if every pair were looked at: many rows under one reference, one amount, one pay-out."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from ledger.reconcile.layout import guess
from ledger.reconcile.report import row_records, summary
from ledger.reconcile.run import reconcile
from ledger.reconcile.side import Side
from ledger.reconcile.terms import FileTerms
from tests.ledger.reconcile.files import left_out, matched, run

ROWS = 3_000
HEADERS = ("id", "date", "amount", "reference", "description")


def side(letter: str, amount: str, reference: str, count: int = ROWS) -> Side:
    rows = list(_rows(letter, amount, reference, count))
    read = Side(guess(HEADERS, rows[:100]))
    read.extend(rows)
    return read


def _rows(letter: str, amount: str, reference: str, count: int) -> Iterator[dict[str, str]]:
    for n in range(count):
        day = date(2026, 1, 1) + timedelta(n % 300)
        cells = (f"{letter}{n}", day.isoformat(), amount.format(n), reference.format(n), "rent")
        yield dict(zip(HEADERS, cells, strict=True))


@pytest.mark.parametrize(
    ("left", "right", "matched"),
    [
        (side("L", "50.00", "RENT-77777"), side("B", "50.00", "RENT-77777"), 2 * ROWS),
        (side("L", "50.00", ""), side("B", "50.00", ""), 0),
        (side("L", "{}.01", "CUST-77777"), side("B", "{}.02", "CUST-77777"), 0),
        (side("L", "{}.01", "PO-77777"), side("B", "5.55", "PO-77777", 1), 0),
        (side("L", "{}.01", "A-{}"), side("B", "{}.01", ""), 2 * ROWS - 2),
    ],
    ids=["one reference and amount", "one amount", "one reference", "one pay-out", "no reference"],
)
def test_a_crowd_is_decided_or_left_to_a_person(left: Side, right: Side, matched: int) -> None:
    found = reconcile(left, right, FileTerms())
    totals = summary(found)
    told = sum(1 for way in (True, False) for _ in row_records(found, left=way))
    assert totals.left.matched + totals.right.matched + told == len(left) + len(right)
    assert totals.left.matched + totals.right.matched >= matched


def test_of_a_crowd_with_one_amount_those_of_one_name_are_told() -> None:
    people = [f"{given} {family}" for given in ("Ada", "Ben", "Kai", "Lea") for family in ("Okafor", "Khan", "Rossi", "Weber", "Silva")]
    ledger, bank = ["id, date, amount, customer"], ["id, date, amount, description"]
    for n in range(20 * len(people)):
        day = date(2026, 1, 1) + timedelta(10 * (n // len(people)) + n % 3)
        ledger.append(f"L{n}, {day}, 49.99, {people[n % len(people)]}")
        bank.append(f"B{n}, {day + timedelta(1)}, 49.99, ACH CREDIT {people[n % len(people)].upper()}")
    ledger.append("L, 2026-01-01, 49.99, Nobody Known")
    found = run("\n".join(ledger), "\n".join([bank[0], *reversed(bank[1:])]))
    assert matched(found) == {f"L{n} = B{n} unique_amount" for n in range(20 * len(people))}
    assert left_out(found) == {"left L": "UNMATCHED: REFERENCE_DIFFERS, TAKEN_BY_ANOTHER"}
