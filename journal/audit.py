"""What the journal itself says when it is read from the first record on: the sums that every copy of it must agree with.

The chain is checked by the reader (`journal.reader`); here the content is added up. Sums of cents are integers, a record's
checksum covers every posting with its place, so that a changed, moved, missing or doubled row shows.
"""

import zlib
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct, field

from journal.chain import Accepted
from ledger.effects import DeadLettered, Posted, Refused
from ledger.record import Entry, Record

POSITION_BITS = 20
"""A row's position is its record's sequence number, shifted by these bits, plus its number in the record."""


class RecordSum(NamedTuple):
    """One record as every copy must have it: hash of its bytes, number of postings, and their checksum."""

    sequence: int
    digest: str
    postings: int
    checksum: int


class Posting(NamedTuple):
    """One posting and its place."""

    position: int
    debit: str
    credit: str
    amount_cents: int
    hospital_id: str
    about: str
    account: str

    def checksum(self) -> int:
        """CRC-32 over all fields; ClickHouse computes the same with `CRC32`."""
        return zlib.crc32("|".join(map(str, self)).encode())


class Totals(Struct):
    """Sums over the whole journal. Outcomes are counted by (topic, outcome), cents by general ledger account."""

    records: int = 0
    postings: int = 0
    posted_cents: int = 0
    debits: Counter[str] = field(default_factory=Counter)
    credits: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    next: dict[tuple[str, int], int] = {}
    """for each topic and partition the input offset that comes next"""

    def add(self, accepted: Accepted) -> RecordSum:
        """Take in one record of the chain; its own sums."""
        record = accepted.record()
        checksum = count = 0
        for posting in postings(record):
            count += 1
            checksum += posting.checksum()
            self.posted_cents += posting.amount_cents
            self.debits[posting.debit] += posting.amount_cents
            self.credits[posting.credit] += posting.amount_cents
        for entry in record.entries:
            if entry.ordinal == 0:
                self.outcomes[record.sources[entry.source], outcome(entry)] += 1
        for topic, position in zip(record.sources, record.next, strict=True):
            if position >= 0:
                self.next[topic, record.partition] = position
        self.records += 1
        self.postings += count
        return RecordSum(record.sequence, accepted.place.link.previous, count, checksum)


def postings(record: Record[Entry]) -> Iterator[Posting]:
    """Every posting of a record with its position: an entry takes one number, and each of its effects one."""
    position = record.sequence << POSITION_BITS
    for entry in record.entries:
        for number, effect in enumerate(entry.effects, position + 1):
            if type(effect) is Posted:
                yield Posting(number, effect.debit, effect.credit, effect.amount_cents, effect.hospital_id, effect.about, entry.account)
        position += 1 + len(entry.effects)


def outcome(entry: Entry) -> str:
    """What became of the input: posted, refused or dead."""
    first = type(entry.effects[0]) if entry.effects else None
    return "refused" if first is Refused else "dead" if first is DeadLettered else "posted"
