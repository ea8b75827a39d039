"""Recovery of one partition: checkpoints, then the journal's tail along the chain."""

import logging
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from journal.chain import Place, advance
from journal.failpoint import mutant
from journal.settings import Settings
from ledger.record import GENESIS, Link
from streams.engine.batch import Journalled
from streams.engine.log import PartitionLog
from streams.engine.machine import Machine

MARK_KEY = b"\x00mark"
"""Key of the checkpoint that says: everything up to this record is in the topic. No account key begins with NUL."""

LOOK_BACK = 64
"""Journal records in front of the start whose hashes are looked at: one behind it can be a fenced worker's that follows on them."""
_READ = 5000
_STALL_S = 60.0
_WAIT_S = 0.05
log = logging.getLogger(__name__)


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """Where the partition stood when its last complete set of checkpoints was written."""

    sequence: int
    """of the next record"""
    previous: str
    offset: int
    """of the next record in the journal topic"""
    sources: tuple[str, ...]
    next: tuple[int, ...]
    done: int


class Recovered(NamedTuple):
    """A partition as the journal has it, and the records that were not yet published, oldest first."""

    log: PartitionLog
    unpublished: list[Journalled]


class StalledError(Exception):
    """The broker sends nothing, though it has not said that this is the end."""


def recover(
    settings: Settings,
    machine: Machine,
    reader: "Reader",
    partition: int,
    published: tuple[int, str] | None,
    still_polled: Callable[[], None],
) -> Recovered:
    """Rebuild a partition. `published` is the relay's committed offset in the journal and its metadata (`sequence:hash`).

    `still_polled` is called now and then, so that the group's consumer is polled meanwhile; it raises when the work is pointless.
    """
    part = PartitionLog(partition, machine.open(partition), machine.sources)
    mark, stamps = _checkpoints(reader, machine, part, still_polled)
    start, link = (mark.offset, Link(mark.sequence, mark.previous)) if mark else (0, Link(0, GENESIS))
    fold_from = start
    publish_from = max(published[0] if published else 0, 0)
    if published and publish_from < start and published[1]:
        sequence, _, previous = published[1].partition(":")
        start, link = publish_from, Link(int(sequence), previous)
    if mark:
        part.next[:] = _positions(machine.sources, mark.sources, mark.next)
        part.done = mark.done
    unpublished: list[Journalled] = []
    part.journal_end = start
    place = Place(start, link)
    for message in reader.read(machine.journal, partition, max(start - LOOK_BACK, 0), still_polled):
        offset, value = message.offset(), message.value()
        assert offset is not None
        assert value is not None
        if offset < start:
            place = place.past(value)
            continue
        part.journal_end = offset + 1
        place, on_chain = follow(settings, place, partition, offset, value)
        if not on_chain:
            log.warning("journal partition %d offset %d: record of a fenced worker left out", partition, offset)
            continue
        record = machine.decode_record(value)
        link = place.link
        if offset >= fold_from:
            _fold(machine, part, record, stamps)
        if offset >= publish_from:
            unpublished.append(Journalled(0, partition, offset, None, record.sources, record.entries, link, record.next, record.done))
    part.link = link
    return Recovered(part, unpublished)


def follow(settings: Settings, place: Place, partition: int, offset: int, value: bytes) -> tuple[Place, bool]:
    """The place behind a record, and whether it extends the chain. Raises ChainError when records are missing."""
    if mutant(settings, "no-chain-check"):
        return Place(offset + 1, place.link.after(value)), True
    return advance(place, partition, offset, value)


def _fold(machine: Machine, part: PartitionLog, record: Any, stamps: dict[str, int]) -> None:
    for entry in record.entries:
        key = machine.account(entry)
        if stamps.get(key, -1) < record.sequence:
            machine.replay(part.state, entry)
            part.dirty.add(key)
    part.entries_since_mark += len(record.entries)
    part.next[:] = _positions(machine.sources, record.sources, record.next)
    part.done = record.done


def _positions(sources: tuple[str, ...], named: tuple[str, ...], positions: tuple[int, ...]) -> list[int]:
    """Positions of a record by today's order of sources; a source that it did not know begins at its start."""
    known = dict(zip(named, positions, strict=True))
    return [known.get(source, -1) for source in sources]


def _checkpoints(
    reader: "Reader", machine: Machine, part: PartitionLog, still_polled: Callable[[], None]
) -> tuple[Mark | None, dict[str, int]]:
    """Load the last checkpoint of every key; the mark, and the record that each checkpoint includes."""
    latest: dict[bytes, bytes] = {}
    for message in reader.read(machine.checkpoints, part.number, 0, still_polled):
        key, value = message.key(), message.value()
        if key is not None and value is not None:
            latest[key if isinstance(key, bytes) else key.encode()] = value
    raw = latest.pop(MARK_KEY, None)
    if raw is None:
        return None, {}
    stamps = {key.decode(): machine.load(part.state, key.decode(), value) for key, value in latest.items()}
    return msgspec.json.decode(raw, type=Mark), stamps


class Reader:
    """Reads one partition of a topic from an offset to its present end."""

    def __init__(self, settings: Settings, name: str) -> None:
        self._consumer = Consumer(
            settings.kafka(
                group_id=f"{name}.recovery",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                isolation_level="read_committed",
                enable_partition_eof=True,
                fetch_max_bytes=67_108_864,
                max_partition_fetch_bytes=16_777_216,
                queued_min_messages=20_000,
                queued_max_messages_kbytes=16_384,
                fetch_queue_backoff_ms=5,  # librdkafka waits a second whenever its queue was full: a second for each partition
                fetch_wait_max_ms=10,
            )
        )

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def read(self, topic: str, partition: int, start: int, still_polled: Callable[[], None]) -> Iterator[Message]:
        """Messages from `start` to the end as it is when the reader gets there."""
        self._consumer.assign([TopicPartition(topic, partition, start)])
        heard = time.monotonic()
        while True:
            messages = self._consumer.consume(_READ, _WAIT_S)
            still_polled()
            heard = time.monotonic() if messages else heard
            if time.monotonic() - heard > _STALL_S:
                raise StalledError(f"reading {topic} partition {partition} stalled for {_STALL_S:.0f} s")
            for message in messages:
                error = message.error()
                if error is None:
                    yield message
                elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - the library's public name for it
                    self._consumer.unassign()
                    return
                elif not error.retriable():
                    raise KafkaException(error)
