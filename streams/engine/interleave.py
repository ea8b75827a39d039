"""Merges the sources of a partition by the broker's time.

After a stand-still every source has a backlog, and the shortest would be read first: settlements long before the payments that they
settle. Like Kafka Streams (KIP-353, KIP-695) we hold a message back until each other source of its partition has shown a later one or has
nothing more, for a bounded number of fetches. The order within a source is never touched.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Generic, TypeVar

M = TypeVar("M")

PATIENCE = 20
"""fetches after which what is held is handed on all the same"""
_EMPTY_FETCH = 10
"""what a fetch counts that brought nothing at all: it has waited (`intake.FETCH_WAIT_S`), two of them a tenth of a second"""
_ORDER = itemgetter(0, 1)
_TIME = itemgetter(0)


class _Lane(Generic[M]):
    """One partition: what is held of each source as (time, source, message), and which sources have nothing more."""

    def __init__(self, sources: int) -> None:
        self.held: list[list[tuple[int, int, M]]] = [[] for _ in range(sources)]
        self.latest = [0] * sources
        self.ended = [False] * sources
        self.waited = 0


class Interleaver(Generic[M]):
    """What was fetched under one assignment and not handed on yet."""

    def __init__(self, sources: int) -> None:
        self._sources = sources
        self._lanes: dict[int, _Lane[M]] = {}

    def begin(self, partitions: Sequence[int]) -> None:
        """Forget everything: a new assignment."""
        self._lanes = {number: _Lane(self._sources) for number in partitions}

    def add(self, partition: int, source: int, messages: Sequence[tuple[int, M]], *, ended: bool) -> None:
        """Take in what a fetch brought of a source, as (broker's epoch milliseconds, message); whether that was all there is of it.

        A broker's clock that steps back counts as standing still, so that no message overtakes another of its source.
        """
        lane = self._lane(partition)
        latest, held = lane.latest[source], lane.held[source]
        for at_ms, message in messages:
            latest = max(latest, at_ms)
            held.append((latest, source, message))
        lane.latest[source], lane.ended[source] = latest, ended

    def fetched(self, *, anything: bool) -> None:
        """There was a fetch, while these messages were held."""
        for lane in self._lanes.values():
            if any(lane.held):
                lane.waited += 1 if anything else _EMPTY_FETCH

    def take(self) -> dict[int, list[tuple[int, M]]]:
        """What may be handed on now, by partition: (source, message) in order."""
        found = {number: self._ripe(lane) for number, lane in self._lanes.items()}
        return {number: messages for number, messages in found.items() if messages}

    def held(self) -> dict[tuple[int, int], int]:
        """Number of messages that are held, by (partition, source)."""
        return {(number, source): len(held) for number, lane in self._lanes.items() for source, held in enumerate(lane.held)}

    def _lane(self, partition: int) -> _Lane[M]:
        lane = self._lanes.get(partition)
        if lane is None:
            lane = self._lanes[partition] = _Lane(self._sources)
        return lane

    def _ripe(self, lane: _Lane[M]) -> list[tuple[int, M]]:
        behind = [held for held, ended in zip(lane.held, lane.ended, strict=True) if not ended]
        if not all(behind) and lane.waited < PATIENCE:
            return []
        lane.waited = 0
        if behind and all(behind):
            until = min(held[-1][0] for held in behind)
            parts = [_cut(held, until) for held in lane.held if held]
        else:
            parts = [held for held in lane.held if held]
            lane.held = [[] for _ in lane.held]
        merged = parts[0] if len(parts) == 1 else sorted(chain.from_iterable(parts), key=_ORDER)
        return [(source, message) for _, source, message in merged]


def _cut(held: list[tuple[int, int, M]], until: int) -> list[tuple[int, int, M]]:
    """Take what is not later than this out of a list in order of time."""
    at = bisect_right(held, until, key=_TIME)
    ripe = held[:at]
    del held[:at]
    return ripe
