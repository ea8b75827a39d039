"""Rounding to cents, by mode."""

from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.rounding import Rounding, percent, rounded

CASES = """
exact    half_up  half_even  down  up
0        0        0          0     0
1/3      0        0          0     1
1/2      1        0          0     1
2/3      1        1          0     1
3/2      2        2          1     2
5/2      3        2          2     3
-1/2     -1       0          0     -1
-5/2     -3       -2         -2    -3
-7/3     -2       -2         -2    -3
"""
MODES: tuple[Rounding, ...] = get_args(Rounding)


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_modes(case: str) -> None:
    exact, *expected = case.split()
    assert [rounded(Fraction(exact), mode) for mode in MODES] == [int(cell) for cell in expected]


@given(st.fractions(-1000, 1000), st.sampled_from(MODES))
def test_no_mode_is_off_by_a_cent_or_more(exact: Fraction, mode: Rounding) -> None:
    assert abs(rounded(exact, mode) - exact) < 1
    assert rounded(-exact, mode) == -rounded(exact, mode)


def test_a_percentage_is_exact() -> None:
    assert percent(Decimal("24.99")) == Fraction(2499, 10_000)
