"""The fee on a returned debit: flat, once for each payment, only where the network allows one.

Source: Nacha Operating Rules 2.14 (return fee entries: for R01 and R09 only, one for each returned item, none on a fee, announced with the
authorization). What a state's law allows at most is for the book to say.
"""

from typing import Literal

from msgspec import Struct


class ReturnFeeTerms(Struct, frozen=True, kw_only=True):
    """`[return_fee]`: what a debit costs that comes back for want of funds."""

    flat_cents: int = 0
    reasons: tuple[Literal["insufficient_funds", "uncollected_funds"], ...] = ("insufficient_funds", "uncollected_funds")
    minimum_cents: int = 0
    """smaller payments bear none"""
    collect: Literal["balance", "entry"] = "balance"
    """balance: it is owed like any other fee; entry: it is also debited at once, where a mandate is in force"""


def return_fee(terms: ReturnFeeTerms, amount_cents: int, reason: str) -> int:
    """The fee in cents, never more than the payment that came back."""
    if reason not in terms.reasons or amount_cents < terms.minimum_cents:
        return 0
    return min(terms.flat_cents, amount_cents)
