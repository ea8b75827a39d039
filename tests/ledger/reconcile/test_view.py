"""How the signs of two files relate."""

from tests.ledger.reconcile.files import matched, run


def test_signs_of_the_bank_may_be_the_other_way_round_or_missing() -> None:
    ledger = "id, date, amount\nL1, 2026-01-05, 10.00\nL2, 2026-01-05, -20.00\nL3, 2026-01-05, 30.00"
    opposite = "id, date, amount\nB1, 2026-01-05, -10.00\nB2, 2026-01-05, 20.00\nB3, 2026-01-05, -30.00"
    absolute = "id, date, amount\nB1, 2026-01-05, 10.00\nB2, 2026-01-05, 20.00\nB3, 2026-01-05, 30.00"
    for bank, sign in ((opposite, "opposite"), (absolute, "absolute")):
        found = run(ledger, bank)
        assert found.both.sign == sign
        assert len(matched(found)) == 3
