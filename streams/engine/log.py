"""One partition as its owner holds it: state, chain, positions; and the making of journal records from entries."""

from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

from ledger.record import GENESIS, VERSION, Link, Record, encode

LETTER_WINDOW = 10_000
"""events over which dead letters are counted"""


class Sealed(NamedTuple):
    """A finished journal record: its bytes, its entries, and the positions behind it."""

    value: bytes
    entries: tuple[Any, ...]
    next: tuple[int, ...]
    done: int


class PartitionLog:
    """State and positions of one partition. `next` are input offsets by source, `journal_end` the offset of the next journal record."""

    def __init__(self, number: int, state: Any, sources: tuple[str, ...]) -> None:
        self.number = number
        self.state = state
        self.sources = sources
        self.link = Link(0, GENESIS)
        self.journal_end = 0
        self.next = [-1] * len(sources)
        self.done = 0
        self.dirty: set[str] = set()
        self.entries_since_mark = 0
        self.marked_at = 0.0
        self.events = 0
        self.letters: deque[int] = deque()

    def seal(self, entries: Sequence[Any], encoded: Sequence[bytes], at_ms: int, done: int = 0) -> Sealed:
        """The record of these entries at the end of the chain; the chain moves on behind it."""
        head = encode(Record(VERSION, self.number, self.link.sequence, self.link.previous, at_ms, self.sources, tuple(self.next), done, ()))
        value = b"".join((head[:-2], b",".join(encoded), b"]]"))
        self.link = self.link.after(value)
        self.journal_end += 1
        return Sealed(value, tuple(entries), tuple(self.next), done)

    def count_letter(self) -> int:
        """Count one dead letter; returns how many there were among the last `LETTER_WINDOW` events."""
        self.letters.append(self.events)
        while self.letters and self.letters[0] <= self.events - LETTER_WINDOW:
            self.letters.popleft()
        return len(self.letters)
