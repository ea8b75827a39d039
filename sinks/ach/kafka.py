"""The rail's way to Kafka: its own topic under a consumer group of one, the ledger's topics from given offsets, and the bank's topic."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from journal.partition_count import must_be
from journal.settings import Settings
from journal.topics import DECISIONS, ENTRIES, FILES
from sinks.ach import due as dues
from sinks.ach.due import Due
from sinks.ach.ranges import Covered, Range
from sinks.ach.waiting import Waiting

GROUP = "hms-ach-files"
_SECONDS = 30.0
_POLL_MS_MAX = 600_000
_FETCH = 2000
_TRANSIENT = frozenset({KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT})  # noqa: SLF001 - librdkafka's own codes start so
_log = logging.getLogger(__name__)
_CONTENT_TYPE = ("content-type", b"application/cloudevents+json; charset=UTF-8")


class FilesLog:
    """`ach.files.v1`, read from its begin. Whoever the group gives its one partition to is the rail; the others stand by."""

    def __init__(self, settings: Settings) -> None:
        self.owned = False
        self.term = 0
        """changes with every assignment: what was folded before is void"""
        self.next_offset = 0
        self._consumer = Consumer(
            settings.kafka(
                group_id=GROUP,
                group_instance_id=f"{GROUP}-{settings.worker_host}-{settings.worker_index}",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                max_poll_interval_ms=_POLL_MS_MAX,
                session_timeout_ms=10_000,
                allow_auto_create_topics=False,
            )
        )
        self._consumer.subscribe([FILES], on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._revoked)

    def read(self, seconds: float) -> list[bytes]:
        """The next messages. Raises KafkaException for what librdkafka cannot mend by itself."""
        term = self.term
        messages = self._consumer.consume(500, seconds)
        if self.term != term:  # these may be of an earlier assignment: all is read again
            if self.owned:
                self._consumer.assign([TopicPartition(FILES, 0, 0)])
            return []
        found = []
        for message in messages:
            if not _failed(message):
                self.next_offset = _offset(message) + 1
                found.append(_value(message))
        return found

    def end(self) -> int:
        """The offset behind the last message."""
        return int(self._consumer.get_watermark_offsets(TopicPartition(FILES, 0), timeout=_SECONDS)[1])

    def close(self) -> None:
        """Leave the group."""
        self._consumer.close()

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.owned, self.next_offset = bool(partitions), 0
        self.term += 1
        consumer.assign([TopicPartition(FILES, found.partition, 0) for found in partitions])

    def _revoked(self, consumer: Consumer, _partitions: list[TopicPartition]) -> None:
        self.owned = False
        self.term += 1
        consumer.unassign()


class Feed:
    """Entries and decisions, `read_committed`, from given offsets on."""

    def __init__(self, settings: Settings, low_water: Callable[[int], int], heard: dict[int, int]) -> None:
        self._consumer = _reader(settings)
        must_be(settings.partitions, self._consumer, (ENTRIES, DECISIONS))
        self._reached = {(ENTRIES, p): low_water(p) for p in range(settings.partitions)}
        self._reached |= {(DECISIONS, p): heard.get(p, 0) for p in range(settings.partitions)}
        self._consumer.assign([TopicPartition(topic, p, offset) for (topic, p), offset in self._reached.items()])

    def read(self, seconds: float, waiting: Waiting, is_cut: Callable[[int, int], bool]) -> int:
        """Take in what has come; how many messages."""
        messages = self._consumer.consume(_FETCH, seconds)
        for message in messages:
            place = (str(message.topic()), _partition(message))
            if _failed(message):
                if _ended(message):
                    self._reached[place] = max(self._reached[place], _offset(message))
                continue
            offset = _offset(message)
            self._reached[place] = offset + 1
            if place[0] == DECISIONS:
                if transaction_id := dues.canceled(_value(message)):
                    waiting.cancel(transaction_id, place[1], offset)
            elif not is_cut(place[1], offset):
                found = _due(message)
                if found is not None:
                    waiting.add(found)
        return len(messages)

    def catch_up(self, waiting: Waiting, is_cut: Callable[[int, int], bool]) -> dict[int, int]:
        """Read up to where both topics end now; the offsets of the decisions up to which every cancellation was heard.

        The decisions' ends are asked first: an entry comes before its cancellation, so it is behind neither end.
        """
        heard = {place[1]: self._end(place) for place in self._reached if place[0] == DECISIONS}
        ends = {place: self._end(place) if place[0] == ENTRIES else heard[place[1]] for place in self._reached}
        silent = 0.0
        while any(self._reached[place] < end for place, end in ends.items()):
            silent = 0.0 if self.read(0.2, waiting, is_cut) else silent + 0.2
            if silent > _SECONDS:
                raise TimeoutError(f"the ledger's topics gave nothing for {_SECONDS:.0f} s, short of their end")
        return heard

    def close(self) -> None:
        """Let go of the connection."""
        self._consumer.close()

    def _end(self, place: tuple[str, int]) -> int:
        return int(self._consumer.get_watermark_offsets(TopicPartition(*place), timeout=_SECONDS)[1])


def entries_of(settings: Settings, ranges: Iterable[Range]) -> Iterator[Due]:
    """Every entry in these ranges, read anew. TimeoutError when the topic does not give them."""
    wanted, left, first = Covered(), dict[int, int](), dict[int, int]()
    for found in ranges:
        wanted.add([found])
        left[found[0]] = max(found[2], left.get(found[0], 0))
        first[found[0]] = min(found[1], first.get(found[0], found[1]))
    consumer = _reader(settings)
    try:
        consumer.assign([TopicPartition(ENTRIES, p, offset) for p, offset in first.items()])
        silent = 0.0
        while left:
            messages = consumer.consume(_FETCH, 0.2)
            silent = 0.0 if messages else silent + 0.2
            if silent > _SECONDS:
                raise TimeoutError("the topic of entries does not hold what a cut was made of")
            for message in messages:
                if _failed(message):
                    continue
                partition, offset = _partition(message), _offset(message)
                if wanted.holds(partition, offset) and (due := _due(message)) is not None:
                    yield due
                if partition in left and offset >= left[partition]:
                    del left[partition]
    finally:
        consumer.close()


def _due(message: Message) -> Due | None:
    """The entry, or None for what the ledger did not write: it is in the topic for good, and the rail goes on."""
    try:
        return dues.decode(_partition(message), _offset(message), _value(message))
    except (msgspec.MsgspecError, ValueError) as error:
        _log.error("%s[%d]@%d is no entry: %s", ENTRIES, _partition(message), _offset(message), type(error).__name__)
        return None


class Outlet:
    """Messages into Kafka, acknowledged by all replicas, placed by key as the contract says."""

    def __init__(self, settings: Settings) -> None:
        self._failure: KafkaError | None = None
        self._producer = Producer(
            settings.kafka(
                enable_idempotence=True,
                compression_type="lz4",
                partitioner="murmur2_random",
                linger_ms=5,
                batch_size=262_144,
                queue_buffering_max_messages=500_000,
            )
        )

    def send(
        self, topic: str, key: bytes | None, value: bytes, headers: list[tuple[str, bytes]] | None = None, partition: int | None = None
    ) -> None:
        """Queue a message, for the partition of its key unless one is named; waits while the queue is full."""
        options: dict[str, Any] = {"headers": headers or [_CONTENT_TYPE]}
        if partition is not None:
            options["partition"] = partition
        while True:
            try:
                self._producer.produce(topic, value=value, key=key, on_delivery=self._delivered, **options)
            except BufferError:
                self._producer.poll(0.05)
            else:
                self._producer.poll(0)
                return

    def flush(self) -> None:
        """Wait until all of it is acknowledged. Raises KafkaException when Kafka refused some, TimeoutError when it is too slow."""
        left = self._producer.flush(_SECONDS)
        if self._failure is not None:
            raise KafkaException(self._failure)
        if left:
            raise TimeoutError(f"Kafka did not acknowledge {left} messages within {_SECONDS:.0f} s")

    def _delivered(self, error: KafkaError | None, _: Message) -> None:
        if error is not None and self._failure is None:
            self._failure = error


def _reader(settings: Settings) -> Consumer:
    return Consumer(
        settings.kafka(
            group_id=f"{GROUP}-reader",
            enable_auto_commit=False,
            enable_partition_eof=True,
            isolation_level="read_committed",
            auto_offset_reset="error",
            allow_auto_create_topics=False,
        )
    )


def _failed(message: Message) -> bool:
    """Whether this is no message but a passing remark of librdkafka. Raises KafkaException for an error that does not pass."""
    error = message.error()
    if error is None:
        return False
    if error.code() != KafkaError._PARTITION_EOF and error.code() not in _TRANSIENT:  # noqa: SLF001
        raise KafkaException(error)
    return True


def _ended(message: Message) -> bool:
    error = message.error()
    return error is not None and error.code() == KafkaError._PARTITION_EOF  # noqa: SLF001


def _partition(message: Message) -> int:
    found = message.partition()
    assert found is not None, "a message of an assigned partition has a place"
    return found


def _offset(message: Message) -> int:
    found = message.offset()
    assert found is not None, "a message of an assigned partition has a place"
    return found


def _value(message: Message) -> bytes:
    value = message.value()
    return value.encode() if isinstance(value, str) else value or b""
