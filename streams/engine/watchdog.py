"""Tells when the fetcher has come to a stand. A worker that stands keeps its partitions, and in a rebalance everybody else's, from
moving on; one that ends itself is started again and goes on from the journal."""

STUCK_S = 45.0
"""Twice what the longest step takes that is bounded otherwise, a commit (`publisher.COMMIT_S_MAX`), and less than anybody's patience."""


class Watchdog:
    """Looks at two signs of life: turns that are taken, and an assignment that follows on a revocation."""

    def __init__(self, stuck_s: float = STUCK_S) -> None:
        self._stuck_s = stuck_s
        self._turns = -1
        self._turned_s = 0.0
        self._adrift_s: float | None = None

    def look(self, turns: int, now_s: float, *, adrift: bool) -> str:
        """Why the worker must end, or nothing. `turns` only grows; `adrift` is the time between two assignments; `now_s` is monotonic."""
        if turns != self._turns:
            self._turns, self._turned_s = turns, now_s
        if not adrift:
            self._adrift_s = None
        elif self._adrift_s is None:
            self._adrift_s = now_s
        if now_s - self._turned_s > self._stuck_s:
            return f"the fetcher has taken no turn for {now_s - self._turned_s:.0f} s"
        if self._adrift_s is not None and now_s - self._adrift_s > self._stuck_s:
            return f"the group has given no partitions for {now_s - self._adrift_s:.0f} s since it took them"
        return ""
