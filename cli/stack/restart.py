"""When a dead child is started again, and when that is given up."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RestartPolicy:
    """At most `deaths_max` deaths within `window_seconds`; the wait before a start doubles with each of them."""

    deaths_max: int = 5
    window_seconds: float = 60.0
    wait_seconds_first: float = 0.2
    wait_seconds_max: float = 5.0

    def recent(self, deaths: Sequence[float], now: float) -> tuple[float, ...]:
        """The deaths (in seconds of the same clock as `now`) that still count."""
        return tuple(death for death in deaths if now - death < self.window_seconds)

    def wait(self, deaths: Sequence[float], now: float) -> float | None:
        """Seconds to wait before the next start after these deaths, the last just now; None when it keeps dying."""
        count = len(self.recent(deaths, now))
        if count >= self.deaths_max:
            return None
        doublings = max(count - 1, 0)
        return float(min(self.wait_seconds_max, self.wait_seconds_first * 2**doublings))
