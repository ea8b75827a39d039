"""The book's say in re-presentments: which returns, how often, how late. Nacha's own limits can be narrowed here, never widened.

The day itself is found by the ACH rail, which knows the calendar; this is the policy it is given.
Source of the limits: Nacha Operating Rules 2.12.4 (R01 and R09 only, twice, within 180 days of the original settlement).
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.policy import Retry


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

    def policy(self) -> Retry:
        """The terms as the ledger's decisions ask them."""
        return Retry(
            self.reasons,
            self.retries_max,
            self.delay_days,
            self.payday_search_days,
            self.window_days,
            self.minimum_cents,
            self.scheduled_by == "us",
            self.sms_reminder,
        )
