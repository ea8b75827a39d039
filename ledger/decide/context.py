"""What every decision is given besides the account and the event."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from ledger.governance import BrokenRule
from ledger.policy import Rail, Rules

FUTURE_SKEW_MS = 300_000
"""How far ahead of the broker's clock an event's time may be."""
PAST_MS_MAX = 3650 * 86_400_000
"""How far behind the broker's clock an event's time may be; older ones are a broken clock, not a late event."""

DATE_DAYS_MAX = 3650

ALL_LIVE: Mapping[str, str] = MappingProxyType({})


class Context(NamedTuple):
    """Knowledge in force at this position of the partition. `now_ms` is the broker's append time of the message."""

    rules: Rules
    rail: Rail
    now_ms: int
    at_ms: int
    """the event's own time"""
    future_skew_ms: int = FUTURE_SKEW_MS
    phases: Mapping[str, str] = ALL_LIVE
    """rollout phase of each hospital that is not live"""
    shadow: Rules | None = None
    """a candidate book that decides too, and whose decisions only report"""
    broken: tuple[BrokenRule, ...] = ()
    """rules that ever broke in this partition"""


def plausible(day: str, context: Context) -> bool:
    """Whether a bank's date lies within ten years of the event: anything else is a broken feed."""
    today = date.fromisoformat(context.rail.business_date(context.at_ms))
    return abs((date.fromisoformat(day) - today).days) <= DATE_DAYS_MAX
