"""Files that lack what others have."""

from tests.ledger.reconcile.files import matched, run


def test_files_without_dates_match_by_reference_and_unique_amount() -> None:
    found = run("id, amount, reference\nL1, 10.00, INV-1001\nL2, 20.00,", "id, amount, reference\nB1, 10.00, INV-1001\nB2, 20.00,")
    assert matched(found) == {"L1 = B1 reference", "L2 = B2 unique_amount"}
