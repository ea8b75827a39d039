"""What the report says of a row."""

from tests.ledger.reconcile.files import left_out, matched, run


def test_an_unreadable_row_is_told_and_takes_no_part() -> None:
    found = run("id, date, amount\nL1, 2026-01-05, 10.00\nL2, 2026-01-05, ten", "id, date, amount\nB1, 2026-01-05, 10.00")
    assert matched(found) == {"L1 = B1 unique_amount"}
    assert left_out(found) == {"left L2": "UNMATCHED: UNREADABLE"}
