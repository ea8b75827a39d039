"""When a delivery that failed is tried again: Standard Webhooks' schedule, a little out of step for each message."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Final

SECOND_MS: Final = 1000
_MINUTE_MS = 60 * SECOND_MS
_HOUR_MS = 60 * _MINUTE_MS
WAITS_MS: Final = (
    5 * SECOND_MS,
    5 * _MINUTE_MS,
    30 * _MINUTE_MS,
    2 * _HOUR_MS,
    5 * _HOUR_MS,
    10 * _HOUR_MS,
    14 * _HOUR_MS,
    20 * _HOUR_MS,
    24 * _HOUR_MS,
)
"""Waits after the first attempt, the second, and so on; the attempt behind the last wait is the last. Source: Standard Webhooks 1.0."""
ATTEMPTS_MAX: Final = len(WAITS_MS) + 1
RETRY_AFTER_MS_MAX: Final = 24 * _HOUR_MS
_JITTER_PERCENT = 10


def wait_ms(attempt: int, delivery_id: str, retry_after_ms: int = 0) -> int | None:
    """How long to wait after this failed attempt (the first is 1); None when it was the last.

    The wait is up to a tenth longer, by an amount that follows from the message and the attempt, so that messages which failed
    together do not return together. A receiver's own wish (`retry_after_ms`) counts when it is longer, up to a day.
    """
    if attempt >= ATTEMPTS_MAX:
        return None
    wait = WAITS_MS[attempt - 1]
    digest = int.from_bytes(sha256(f"{delivery_id}|{attempt}".encode()).digest()[:4], "big")
    jitter = wait * _JITTER_PERCENT // 100 * digest >> 32
    return max(wait + jitter, min(retry_after_ms, RETRY_AFTER_MS_MAX))


def retry_after_ms(header: str, now: datetime) -> int:
    """The wait that a Retry-After header asks for (RFC 9110, 10.2.3): seconds or a date; 0 when it says neither."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]) * SECOND_MS, RETRY_AFTER_MS_MAX)
    try:
        until = parsedate_to_datetime(text)
        return max(0, min(int((until - now).total_seconds() * SECOND_MS), RETRY_AFTER_MS_MAX))
    except (ValueError, TypeError, OverflowError):
        return 0
