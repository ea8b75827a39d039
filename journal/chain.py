"""Walking a journal partition: which records extend the hash chain, and where a reader stands. Pure; Kafka is in `journal.reader`.

The first record that extends the chain at a sequence number wins. Whatever else lies in the topic was written by a worker that
had lost its partition without knowing (a "zombie"): it's skipped and counted. A record that can only be explained by a missing or
changed one breaks the chain, and reading stops there: money must not be shown on top of a hole.
"""

import re
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from ledger.record import VERSION, Entry, Link, Record, digest

STRAYS_MAX: Final = 8
"""Strays that are remembered: a zombie's next record follows on its last one."""
RIVALS_MAX: Final = 64
"""Strays in a row that may claim the chain's end. A zombie learns its fate from the broker's answer to its first record, by when it can
have written all that its queues hold (`streams.engine.app`); more can only mean that a record was changed."""

_HEAD = re.compile(rb'\[([0-9]{1,9}),([0-9]{1,9}),([0-9]{1,18}),"([0-9a-f]{64})",(-?[0-9]{1,18}),')
_decode = msgspec.json.Decoder(Record[Entry]).decode


class ChainError(Exception):
    """The journal can't be believed from a record on. The message names partition and offset."""

    def __init__(self, partition: int, offset: int, why: str) -> None:
        super().__init__(f"journal partition {partition}, offset {offset}: {why}")
        self.partition = partition
        self.offset = offset


class Head(NamedTuple):
    """The beginning of a record, read without decoding the rest."""

    version: int
    partition: int
    sequence: int
    previous: str
    at_ms: int


class Place(Struct, frozen=True):
    """Where a reader stands in one partition: the offset and the link that come next."""

    offset: int = 0
    link: Link = Link()
    strays: tuple[str, ...] = ()
    """hashes of the latest records that were skipped; what follows one of them is a zombie's too"""
    rivals: int = 0
    """records since the last accepted one that are not on the chain, yet claim to be at its end or beyond"""

    def past(self, value: bytes) -> "Place":
        """This place for a reader that has seen a record in front of it: a stray may follow on that one."""
        return Place(self.offset, self.link, (*self.strays, digest(value))[-STRAYS_MAX:], self.rivals)


class Mark(Struct, frozen=True, omit_defaults=True):
    """What a committed offset's metadata says: the chain's link at that offset, and a note of the reader's own."""

    sequence: int
    previous: str
    strays: tuple[str, ...] = ()
    note: str = ""


class Accepted(NamedTuple):
    """A record that extends the chain, and the place behind it."""

    partition: int
    offset: int
    value: bytes
    place: Place

    @property
    def sequence(self) -> int:
        """The record's number in its partition, from 0."""
        return self.place.link.sequence - 1

    def record(self) -> Record[Entry]:
        """The record, decoded now. Raises ChainError when it's not what its writer's version says."""
        try:
            return _decode(self.value)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise ChainError(self.partition, self.offset, f"record {self.sequence} can't be decoded: {error}") from error


def read_head(value: bytes | None) -> Head | None:
    """The first five fields of a record, or None for bytes that are no journal record."""
    found = _HEAD.match(value or b"")
    if found is None:
        return None
    version, partition, sequence, previous, at_ms = found.groups()
    return Head(int(version), int(partition), int(sequence), previous.decode(), int(at_ms))


def advance(place: Place, partition: int, offset: int, value: bytes | None) -> tuple[Place, bool]:
    """The place behind the message at `offset`, and whether it extends the chain.

    Raises ChainError for a record ahead of the chain whose predecessor was never seen, for more than `RIVALS_MAX` records in a
    row that claim the chain's end without extending it, and for a record of a version that this code does not know.
    """
    head = read_head(value)
    if value is None or head is None or head.partition != partition:
        return _skip(place, offset, value, place.rivals), False
    link = place.link
    if link.accepts(head.sequence, head.previous):
        if head.version != VERSION:
            raise ChainError(partition, offset, f"record {head.sequence} has version {head.version}; this program reads {VERSION}")
        return Place(offset + 1, link.after(value), place.strays), True
    if head.sequence < link.sequence:
        return _skip(place, offset, value, place.rivals), False
    if head.sequence > link.sequence and head.previous not in place.strays:
        raise ChainError(partition, offset, f"record {head.sequence} follows on record {link.sequence - 1}: records are missing")
    if place.rivals == RIVALS_MAX:
        raise ChainError(
            partition, offset, f"{RIVALS_MAX + 1} records in a row don't extend record {link.sequence - 1}: it or its successor was changed"
        )
    return _skip(place, offset, value, place.rivals + 1), False


def _skip(place: Place, offset: int, value: bytes | None, rivals: int) -> Place:
    return Place(offset + 1, place.link, (*place.strays, digest(value or b""))[-STRAYS_MAX:], rivals)


def mark(place: Place, note: str = "") -> str:
    """Metadata to commit with `place.offset`."""
    return msgspec.json.encode(Mark(place.link.sequence, place.link.previous, place.strays, note)).decode()


def unmark(offset: int, metadata: str | None) -> tuple[Place, str] | None:
    """Place and note of a committed offset, or None when its metadata is not a mark, so that the chain can't be resumed there."""
    try:
        found = msgspec.json.decode(metadata or "", type=Mark)
    except msgspec.MsgspecError:
        return None
    return Place(offset, Link(found.sequence, found.previous), found.strays), found.note
