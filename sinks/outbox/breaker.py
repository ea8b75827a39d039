"""Spares a receiver that is down: after some failures in a row nothing is sent for a while, then one message tries whether it is back."""

from typing import Final, NamedTuple

FAILURES_MAX: Final = 5
COOL_MS: Final = 10_000
COOL_MS_MAX: Final = 300_000


class Breaker(NamedTuple):
    """One receiver's state: closed while `failures` is below the limit, else open until `until_ms`, then one probe at a time."""

    failures: int = 0
    opened: int = 0
    """how often it opened in a row"""
    until_ms: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether all may be sent."""
        return self.failures < FAILURES_MAX


def room(breaker: Breaker, now_ms: int, under_way: int, most: int) -> int:
    """How many more may be sent now, with so many under way: none while open, one while it is being tried."""
    if now_ms < breaker.until_ms:
        return 0
    return max((most if breaker.is_closed else 1) - under_way, 0)


def failed(breaker: Breaker, now_ms: int, retry_after_ms: int = 0) -> Breaker:
    """After the receiver failed: no connection, no answer in time, a 5xx or a 429. Its own Retry-After holds for all messages."""
    failures, opened, until_ms = breaker.failures + 1, breaker.opened, breaker.until_ms
    if failures >= FAILURES_MAX and now_ms >= until_ms:
        until_ms = now_ms + min(COOL_MS << min(opened, 10), COOL_MS_MAX)
        opened += 1
    if retry_after_ms:
        until_ms = max(until_ms, now_ms + retry_after_ms)
    return Breaker(failures, opened, until_ms)


def answered(breaker: Breaker) -> Breaker:
    """After an answer that shows the receiver alive, be it a refusal of this one message. A wait that was asked for stands."""
    return Breaker(until_ms=breaker.until_ms)


CLOSED: Final = Breaker()
