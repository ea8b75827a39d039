"""Words as banks cut them."""

import pytest

from ledger.reconcile.side import Row
from ledger.reconcile.words import distinctive, shared, words


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("HARBOR REALTY PRTNRS", "Harbor Realty Partners - Rent", 3),
        ("BRIGHTSTAR ENTE", "Brightstar Enterprises", 2),
        ("PROP MGMT", "Property Management", 2),
        ("ACH CREDIT PAYMENT", "ACH credit payment", 0),
        ("CHECK #4519", "CHK-4519", 1),
        ("CHECK #4519", "CHK-4520", 0),
        ("rent 2026", "2026", 0),
        ("DATA", "DELTA", 0),
    ],
)
def test_words_in_common(one: str, other: str, count: int) -> None:
    assert shared(words(Row(1, "", (), "", one)), words(Row(1, "", (), "", other))) == count


def test_what_all_rows_say_tells_none_apart() -> None:
    assert distinctive({1: frozenset({"MEYER", "LEGAL"}), 2: frozenset({"MEYER", "AUDIT"})}) == {1: {"LEGAL"}, 2: {"AUDIT"}}
    assert distinctive({1: frozenset({"MEYER"})}) == {1: {"MEYER"}}
