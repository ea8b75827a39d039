"""What names a row."""

import pytest

from ledger.reconcile.keys import ID, REFERENCE, TOKEN, row_keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("ACH CREDIT INV-10023 OKAFOR", {"INV10023"}),
        ("PAYMENT INV 10023", {"INV10023"}),
        ("paid 2026-01-05 100.00 for 12/2025", set()),
        ("trace 021000021234567", {"21000021234567", "TRACE21000021234567"}),
        ("room 1234", {"ROOM1234"}),
        ("on 20260105 at 9", set()),
        ("", set()),
    ],
)
def test_a_text_names_what_looks_like_a_reference(text: str, keys: set[str]) -> None:
    assert {key for _, key in row_keys("", (), (text,))} == keys


def test_the_strongest_kind_of_a_key_counts_and_blanks_are_none() -> None:
    assert row_keys("INV-1", ("inv 1", "n/a", ""), ("see INV-00001",)) == [(ID, "INV1")]
    assert row_keys("", ("INV-77", "paid INV-88123 today"), ()) == [
        (REFERENCE, "INV77"),
        (REFERENCE, "PAIDINV88123TODAY"),
        (TOKEN, "INV88123"),
    ]
