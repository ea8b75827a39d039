"""Journal records made by hand, chained as the poster chains them."""

from collections.abc import Sequence

from journal.chain import Accepted, Place, advance
from journal.topics import INPUTS
from ledger.effects import AnyEffect
from ledger.record import VERSION, Entry, Record, encode

AT_MS = 1_772_463_600_000
"""2026-03-02 15:00 UTC, a Monday morning in New York"""


def entry(
    *effects: AnyEffect,
    source: int = 0,
    offset: int = 0,
    account: str = "credit-1",
    at_ms: int = AT_MS,
    kind: str = "payment.initiated.v1",
    ordinal: int = 0,
) -> Entry:
    """What one event brought about."""
    return Entry(source, offset, f"event-{source}-{offset}", kind, at_ms, account, effects, ordinal)


class Journal:
    """One partition's journal in memory."""

    def __init__(self, partition: int = 0) -> None:
        self.partition = partition
        self.place = Place()
        self.records: list[Accepted] = []

    def value(self, entries: Sequence[Entry], at_ms: int = AT_MS + 500) -> bytes:
        """Bytes of the record that would come next."""
        link = self.place.link
        ends = tuple(max([e.offset + 1 for e in entries if e.source == source], default=-1) for source in range(len(INPUTS)))
        record = Record(VERSION, self.partition, link.sequence, link.previous, at_ms, INPUTS, ends, 0, tuple(entries))
        return encode(record)

    def append(self, *entries: Entry, at_ms: int = AT_MS + 500) -> Accepted:
        """The next record, with these entries."""
        value, offset = self.value(entries, at_ms), self.place.offset
        self.place, accepted = advance(self.place, self.partition, offset, value)
        assert accepted
        self.records.append(Accepted(self.partition, offset, value, self.place))
        return self.records[-1]

    def skip(self, value: bytes) -> None:
        """A message that is not on the chain comes in between."""
        self.place, accepted = advance(self.place, self.partition, self.place.offset, value)
        assert not accepted
