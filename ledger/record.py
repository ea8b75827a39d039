"""The journal record: one batch of one partition, whole, chained to the one before it.

A record's hash is SHA-256 over its bytes, and every record holds the hash of its predecessor: whoever reads the chain from the
first record on knows that nothing was changed, left out or put in between.
"""

import hashlib
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from ledger.effects import AnyEffect

GENESIS = "0" * 64
"""The predecessor's hash in the first record of a partition."""

E = TypeVar("E")


class Entry(Struct, frozen=True, array_like=True, gc=False):
    """What one input event brought about in one account. A tick that concerns many accounts has one entry for each."""

    source: int
    """index into the record's `sources`"""
    offset: int
    event_id: str
    type: str
    at_ms: int
    """the event's own time"""
    account: str
    """credit reference; empty for what concerns the whole partition"""
    effects: tuple[AnyEffect, ...]
    ordinal: int = 0
    """number of effects of the same event in entries before this one"""


class Record(Struct, Generic[E], frozen=True, array_like=True, gc=False):
    """One journal record."""

    version: int
    partition: int
    sequence: int
    """0 for the first record of a partition, then one more each"""
    previous: str
    """hex SHA-256 of the bytes of the record before"""
    at_ms: int
    """when it was written; no decision depends on it"""
    sources: tuple[str, ...]
    next: tuple[int, ...]
    """for each source the input offset that comes next; -1 when nothing of it was read yet"""
    done: int
    """entries already journalled of the event at the next position, when an event is spread over several records; else 0"""
    entries: tuple[E, ...]


VERSION = 1
encode = msgspec.json.Encoder().encode
"""Bytes of a record; the order of fields is fixed, so equal records have equal bytes."""


def digest(value: bytes) -> str:
    """The hash that the next record must hold."""
    return hashlib.sha256(value).hexdigest()


class Link(Struct, frozen=True):
    """Where a reader stands in a chain: the sequence number that comes next and the hash it must hold."""

    sequence: int = 0
    previous: str = GENESIS

    def accepts(self, sequence: int, previous: str) -> bool:
        """Whether a record with these two extends the chain here."""
        return sequence == self.sequence and previous == self.previous

    def after(self, value: bytes) -> "Link":
        """The link behind the record with these bytes."""
        return Link(self.sequence + 1, digest(value))
