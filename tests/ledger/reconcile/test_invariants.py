"""What must hold for any two files."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.reconcile.layout import Layout
from ledger.reconcile.report import group_records, row_records, summary
from ledger.reconcile.run import Run, reconcile
from ledger.reconcile.side import Side
from ledger.reconcile.terms import FileTerms

LAYOUT = Layout(id="id", date="date", amount="amount", reference=("ref",), name=("name",), currency="ccy", date_format="ISO", decimal=".")

ROW = st.fixed_dictionaries(
    {
        "date": st.sampled_from(["2026-01-05", "2026-01-06", "2026-01-09", "2026-02-20", ""]),
        "amount": st.sampled_from(["10.00", "20.00", "30.00", "30.01", "0.00", "-10.00", "29.13", "x"]),
        "ref": st.sampled_from(["", "N/A", "INV-0001", "inv1", "INV-20260001", "INV-20260010", "PO-7"]),
        "name": st.sampled_from(["", "Ada Okafor", "Ben Larsen"]),
        "ccy": st.sampled_from(["USD", "USD", "EUR", ""]),
    }
)
FILES = st.lists(ROW, max_size=14)

Rows = list[dict[str, str]]


def numbered(rows: Rows, letter: str) -> Rows:
    return [{"id": f"{letter}{n}", **row} for n, row in enumerate(rows)]


def read(rows: Rows) -> Side:
    side = Side(LAYOUT)
    side.extend(rows)
    return side


def run(left: Rows, right: Rows) -> Run:
    return reconcile(read(left), read(right), FileTerms(tolerance_cents=1))


@given(FILES, FILES)
@settings(max_examples=120, deadline=None)
def test_every_row_is_told_once_and_the_totals_add_up(left: Rows, right: Rows) -> None:
    found = run(numbered(left, "L"), numbered(right, "R"))
    told: Counter[tuple[str, int]] = Counter()
    for group in group_records(found, found.confirmed()):
        told.update(("left", n) for n in group.left_rows)
        told.update(("right", n) for n in group.right_rows)
        assert group.left_rows, "a group has rows of both sides"
        assert group.right_rows, "a group has rows of both sides"
        explained = group.rule in ("tolerance", "known_fee")
        assert group.left_amount == group.right_amount or explained
    for side in (True, False):
        told.update((record.side, record.row) for record in row_records(found, left=side))
    assert told == Counter([("left", n + 1) for n in range(len(left))] + [("right", n + 1) for n in range(len(right))])
    for totals in (summary(found).left, summary(found).right):
        assert totals.matched + totals.unmatched == totals.rows


@given(FILES, FILES)
@settings(max_examples=80, deadline=None)
def test_only_rows_of_one_currency_and_in_the_window_are_confirmed(left: Rows, right: Rows) -> None:
    found = run(numbered(left, "L"), numbered(right, "R"))
    both = found.both
    for group in found.confirmed():
        currencies = {int(both.left.currency[n]) for n in group.left} | {int(both.right.currency[n]) for n in group.right}
        assert len(currencies) == 1
        assert all(both.near(row, other, named=True) for row in group.left for other in group.right)


@given(FILES, FILES)
@settings(max_examples=80, deadline=None)
def test_the_order_of_the_rows_decides_only_between_equal_rows(left: Rows, right: Rows) -> None:
    left, right = distinct(left), distinct(right)
    forward = groups(run(numbered(left, "L"), numbered(right, "R")))
    backward = groups(run(numbered(left, "L")[::-1], numbered(right, "R")[::-1]))
    assert forward == backward


def distinct(rows: Rows) -> Rows:
    """One row of each kind: rows that differ in nothing are interchangeable, and one of them must be chosen. A blank currency is USD."""
    return list({(row["amount"], row["ccy"] or "USD", row["ref"].replace("-000", "").upper()): row for row in rows}.values())


def groups(found: Run) -> set[tuple[frozenset[str], frozenset[str]]]:
    return {(frozenset(r.left_ids), frozenset(r.right_ids)) for r in group_records(found, found.confirmed())}
