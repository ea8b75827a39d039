"""How simulated time goes: fast through the history, then with the wall clock, and never ahead of it or of the ledger."""

from typing import NamedTuple

from simulator import hours

TICK_LIVE_MS = 1_000
SLACK_MS = 24 * hours.HOUR_MS
"""how far simulated time may run ahead of the oldest payment that the ledger has not answered"""


class Pace(NamedTuple):
    """`factor`: simulated seconds in a second of the history; 0 means as fast as everybody keeps up."""

    factor: float
    patience_seconds: float = 20.0
    """how long an unanswered payment may hold up the history; then it goes on without that answer"""

    @property
    def nap_seconds(self) -> float:
        """How long to listen between two steps of the history."""
        return 0.01 if self.factor else 0.0

    def advance(self, at_ms: int, elapsed_seconds: float, now_ms: int, next_tick_ms: int, limit_ms: int | None) -> int:
        """The next simulated instant: at most one tick further, not after now, not after the limit, never back."""
        wanted = next_tick_ms if self.factor == 0 else at_ms + int(elapsed_seconds * 1000 * self.factor)
        ahead = min(wanted, now_ms, next_tick_ms)
        if limit_ms is not None:
            ahead = min(ahead, limit_ms)
        return max(at_ms, ahead)


def next_tick(at_ms: int, now_ms: int) -> int:
    """The tick after an instant: the next full hour of the history, or the next second once real time is near."""
    hour = at_ms - at_ms % hours.HOUR_MS + hours.HOUR_MS
    return hour if hour <= now_ms else at_ms - at_ms % TICK_LIVE_MS + TICK_LIVE_MS


class Unanswered:
    """Payments that CREDIT asked for and the ledger has not answered, in the order of asking."""

    def __init__(self) -> None:
        self._asked: dict[str, int] = {}

    def asked(self, transaction_id: str, at_ms: int) -> None:
        """CREDIT asks."""
        self._asked[transaction_id] = at_ms

    def answered(self, transaction_id: str) -> None:
        """The ledger says anything of it."""
        self._asked.pop(transaction_id, None)

    def limit_ms(self) -> int | None:
        """The instant that simulated time may reach; None when everything is answered."""
        oldest = next(iter(self._asked.values()), None)
        return None if oldest is None else oldest + SLACK_MS

    def give_up(self) -> int:
        """Wait for none of them any longer; how many there were."""
        count = len(self._asked)
        self._asked.clear()
        return count
