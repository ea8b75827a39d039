"""References as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.matching.reference import edits, normalize
from tests.ledger.matching.tables import rows

SAME = """
# written           means
  INV-00123         INV123
  inv 123           INV123
  00123             123
  INV-2026-0017     INV20260017
  ref№42            REFNO42
  ᄀ-ᅡ7            가7
  n/a               -
  -                 -
  0000              -
  NOTPROVIDED       -
"""


@pytest.mark.parametrize("row", rows(SAME), ids=lambda row: row[0])
def test_a_reference_without_its_dress(row: list[str]) -> None:
    assert normalize(row[0]) == ("" if row[1] == "-" else row[1])


@pytest.mark.parametrize(
    ("left", "right", "typos"),
    [
        ("INV20260001", "INV20260010", 1),
        ("INV20260001", "INV2026001", 1),
        ("INV20260001", "INV20260012", None),
        ("INV1", "INV2", None),
        ("INV1", "INV1", 0),
        ("", "", None),
        ("AAAABBBBCCCCDDDD", "AAAABBBBCCCCDEED", 2),
    ],
)
def test_one_typing_mistake_in_eight_characters(left: str, right: str, typos: int | None) -> None:
    assert edits(left, right) == typos


@given(st.text())
def test_normalizing_twice_changes_nothing_and_blanks_never_match(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)
    assert edits("", normalize(text)) is None
