"""Tells when a source gives nothing although it has more: a fetch that has come to a stand for one partition, while the others go on and
nothing else looks wrong. A worker that ends itself starts again with fetches of its own."""

from collections.abc import Callable, Iterable

EVERY_S = 20.0
LOOKS = 3
"""looks in a row at which a source had more than it gave since the look before"""
Place = tuple[int, int]
"""partition and source"""


class Laggards:
    """How far each place was read, and which of them stand. Offsets are those of the next message."""

    def __init__(self) -> None:
        self._reached: dict[Place, int] = {}
        self._seen: dict[Place, int] = {}
        self._behind: dict[Place, int] = {}
        self._looked_s = 0.0

    def begin(self, starts: Iterable[tuple[Place, int]]) -> None:
        """A new assignment: its places, and where they are read from."""
        self._reached = dict(starts)
        self._seen, self._behind = {}, {}

    def reached(self, place: Place, offset: int) -> None:
        """Everything before this offset has come, or was no message."""
        self._reached[place] = max(self._reached.get(place, 0), offset)

    def look(self, now_s: float, end: Callable[[Place], int]) -> str:
        """Why the worker must end, or nothing. `end` says where a place ends now, as far as it may be read; asked now and then alone, and
        only of places that have not moved since."""
        if now_s - self._looked_s < EVERY_S:
            return ""
        self._looked_s = now_s
        for place, offset in self._reached.items():
            if self._seen.get(place) != offset:
                self._behind.pop(place, None)
            elif end(place) > offset:
                self._behind[place] = self._behind.get(place, 0) + 1
                if self._behind[place] >= LOOKS:
                    return f"partition {place[0]} of source {place[1]} is read to {offset}, has more, and gives nothing"
            else:
                self._behind.pop(place, None)
        self._seen = dict(self._reached)
        return ""
