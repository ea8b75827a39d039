"""A day that was paid out in one sum."""

from tests.ledger.reconcile.files import matched, run


def test_a_day_that_sums_to_one_deposit_without_a_reference() -> None:
    found = run(
        """
        id, date,       amount
        L1, 2026-01-05, 100.10
        L2, 2026-01-05, 150.20
        L3, 2026-01-05, 300.30
        L4, 2026-01-06, 77.00
        """,
        """
        id, date,       amount
        B1, 2026-01-07, 550.60
        """,
    )
    assert matched(found) == {"L1+L2+L3 = B1 exact_sum"}
