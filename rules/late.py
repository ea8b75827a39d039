"""Late fees: after days of grace, flat or percent or the greater or lesser of both, capped, once an instalment."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

from rules.rounding import Rounding, percent, rounded


class LateTerms(Struct, frozen=True, kw_only=True):
    """`[late_fee]`: what a late instalment costs."""

    flat_cents: int = 0
    percent: Decimal = Decimal(0)
    """of the amount overdue"""
    combine: Literal["greater", "lesser", "sum"] = "greater"
    grace_days: Annotated[int, Meta(ge=0, le=366)] = 10
    """calendar days after the due date without a fee"""
    maximum_cents: int | None = None
    minimum_overdue_cents: int = 0
    """no fee on less than this"""
    rounding: Rounding = "half_up"


def late_fee(terms: LateTerms, overdue_cents: int, days_late: int, charged_cents: int = 0) -> int:
    """The fee due now on one instalment, in cents, given what was charged on it before: charged once, never more than is overdue."""
    if days_late <= terms.grace_days or overdue_cents <= 0 or overdue_cents < terms.minimum_overdue_cents or charged_cents > 0:
        return 0
    flat, share = Fraction(terms.flat_cents), overdue_cents * percent(terms.percent)
    match terms.combine:
        case "greater":
            exact = max(flat, share)
        case "lesser":
            exact = min(flat, share)
        case "sum":
            exact = flat + share
    fee_cents = min(rounded(exact, terms.rounding), overdue_cents)
    return fee_cents if terms.maximum_cents is None else min(fee_cents, terms.maximum_cents)
