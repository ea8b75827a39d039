"""Sums of a few rows without a reference."""

from tests.ledger.reconcile.files import matched, proposed, run


def test_some_rows_of_a_window_that_make_a_deposit_are_only_proposed() -> None:
    found = run(
        """
        id, date,       amount
        L1, 2026-01-05, 100.10
        L2, 2026-01-06, 150.20
        L3, 2026-01-06, 33.33
        """,
        """
        id, date,       amount
        B1, 2026-01-07, 250.30
        """,
    )
    assert matched(found) == set()
    assert proposed(found) == {"PROPOSED L1+L2 = B1: REFERENCE_BLANK"}
