"""How often somebody may ask: a bucket of requests for each, which fills at a steady rate. Pure: it is given the time."""

from collections import OrderedDict
from typing import Final

_KNOWN_MAX: Final = 10_000
_ROUNDING_S: Final = 1e-6


class Rates:
    """Buckets by name. `per_s` requests a second on average; as many as fit into `burst_s` seconds may come at once."""

    def __init__(self, per_s: float, burst_s: float = 2.0) -> None:
        self._gap_s = 1 / per_s
        self._room_s = burst_s
        self._full_s: OrderedDict[str, float] = OrderedDict()

    def wait_s(self, name: str, now_s: float) -> float:
        """0 when one more request may be made, and it is counted; else after how many seconds it may."""
        due_s = max(self._full_s.get(name, 0.0), now_s)
        over_s = due_s + self._gap_s - now_s - self._room_s
        if over_s > _ROUNDING_S:
            return over_s
        self._full_s[name] = due_s + self._gap_s
        self._full_s.move_to_end(name)
        if len(self._full_s) > _KNOWN_MAX:
            self._full_s.popitem(last=False)
        return 0.0
