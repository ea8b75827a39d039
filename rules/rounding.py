"""Rounding to whole cents. Amounts are exact fractions until the one place where they are rounded, and the mode always has a name."""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

Rounding = Literal["half_up", "half_even", "down", "up"]
"""half_up: five away from zero, the custom of US consumer lending; half_even: five to the even cent; down: toward zero; up: away."""

_HALF = Fraction(1, 2)


def rounded(cents: Fraction, mode: Rounding) -> int:
    """Whole cents. Negative amounts mirror positive ones."""
    magnitude = abs(cents)
    whole = magnitude.numerator // magnitude.denominator
    rest = magnitude - whole
    match mode:
        case "half_up":
            up = rest >= _HALF
        case "half_even":
            up = rest > _HALF or (rest == _HALF and whole % 2 == 1)
        case "up":
            up = rest > 0
        case "down":
            up = False
    result = whole + up
    return -result if cents < 0 else result


def percent(rate: Decimal) -> Fraction:
    """A percentage as a fraction of one: `Decimal("24.99")` is 2499/10000."""
    return Fraction(rate) / 100
