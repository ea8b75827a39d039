"""Spares a receiver that is down: after some failures in a row nothing is sent for a while, then one message tries whether it is back."""

from typing import Final, NamedTuple

FAILURES_MAX: Final = 5
COOL_MS: Final = 10_000
COOL_MS_MAX: Final = 300_000
ASK_MS: Final = 250
"""how soon to ask again for room that is only taken"""


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


class Breakers:
    """The breakers of all receivers, and how many messages are under way to each."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._states: dict[str, Breaker] = {}
        self._under_way: dict[str, int] = {}

    def enter(self, receiver: str, now_ms: int) -> int | None:
        """Begin to send: None when it may be, else the instant at which to ask again."""
        state, under_way = self._states.get(receiver, CLOSED), self._under_way.get(receiver, 0)
        if room(state, now_ms, under_way, self._most):
            self._under_way[receiver] = under_way + 1
            return None
        return max(state.until_ms, now_ms + ASK_MS)

    def leave(self, receiver: str) -> None:
        """An attempt has ended."""
        self._under_way[receiver] -= 1

    def failed(self, receiver: str, now_ms: int, retry_after_ms: int = 0) -> None:
        """It failed as a whole."""
        self._states[receiver] = failed(self._states.get(receiver, CLOSED), now_ms, retry_after_ms)

    def answered(self, receiver: str) -> None:
        """It is alive."""
        self._states[receiver] = answered(self._states.get(receiver, CLOSED))

    def forget(self) -> None:
        """Try all of them at once."""
        self._states.clear()

    def open_ones(self, now_ms: int) -> int:
        """How many receivers are spared now."""
        return sum(now_ms < state.until_ms for state in self._states.values())
