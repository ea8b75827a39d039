"""The book's say in re-presentments: which returns, how often, how late. Nacha's own limits can be narrowed here, never widened.

The day itself is found by the ACH rail, which knows the calendar; this is the policy it is given.
Source of the limits: Nacha Operating Rules 2.12.4 (R01 and R09 only, twice, within 180 days of the original settlement).
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class RetryTerms(Struct, frozen=True, kw_only=True):
    """`[retry]`: settings of re-presentment."""

    reasons: tuple[Literal["insufficient_funds", "uncollected_funds"], ...] = ("insufficient_funds", "uncollected_funds")
    retries_max: Annotated[int, Meta(ge=0, le=2)] = 2
    delay_days: Annotated[int, Meta(ge=1, le=60)] = 5
    payday_search_days: Annotated[int, Meta(ge=0, le=31)] = 0
    window_days: Annotated[int, Meta(ge=1, le=180)] = 180
    minimum_cents: int = 0
    """smaller amounts are not worth a second return fee"""
    sms_reminder: bool = True
    scheduled_by: Literal["us", "credit"] = "us"
    """credit: the webhook tells CREDIT, which schedules"""


def wants_retry(terms: RetryTerms, reason: str, amount_cents: int, retries_made: int) -> bool:
    """Whether the book wishes this return presented again; the rail may still forbid it."""
    return (
        terms.scheduled_by == "us" and reason in terms.reasons and amount_cents >= terms.minimum_cents and retries_made < terms.retries_max
    )
