"""The minimum payment of an account without fixed instalments."""

from decimal import Decimal

from msgspec import Struct

from rules.rounding import Rounding, percent, rounded


class MinimumTerms(Struct, frozen=True, kw_only=True):
    """`[minimum_payment]`: a share of the balance, not below a floor, and what is charged or overdue on top."""

    floor_cents: int = 0
    percent: Decimal = Decimal(0)
    """of the principal balance"""
    add_interest: bool = True
    add_fees: bool = True
    add_past_due: bool = True
    rounding: Rounding = "up"


def minimum_payment(terms: MinimumTerms, principal_cents: int, interest_cents: int = 0, fee_cents: int = 0, past_due_cents: int = 0) -> int:
    """Cents to pay at least now; never more than everything owed. `past_due_cents` is the part of the principal that was due before."""
    owed_cents = principal_cents + interest_cents + fee_cents
    share_cents = rounded(principal_cents * percent(terms.percent), terms.rounding)
    extra_cents = interest_cents * terms.add_interest + fee_cents * terms.add_fees + past_due_cents * terms.add_past_due
    return min(max(share_cents + extra_cents, terms.floor_cents), owed_cents)
