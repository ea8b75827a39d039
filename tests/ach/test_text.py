"""Names that every bank can take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ach.text import portable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("José Núñez", "Jose Nunez"),
        ("Straße", "Strasse"),
        ("Łukasz", "Lukasz"),
        ("  two   blanks ", "two blanks"),
        ("line\nbreak", "line break"),
        ("王", "."),
        ("O’Brien – Sons", "O'Brien - Sons"),
        ("A name that is longer than the field", "A name that is longer"),
    ],
)
def test_names_become_ascii(text: str, expected: str) -> None:
    assert portable(text, 22) == expected


@given(st.text(), st.integers(1, 40))
def test_anything_becomes_printable_and_fits(text: str, width: int) -> None:
    made = portable(text, width)
    assert len(made) <= width
    assert made.isascii()
    assert made == "" or made.isprintable()
    assert portable(made, width) == made
