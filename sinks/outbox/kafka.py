"""An outbox's way to Kafka: its messages and its log under one consumer group, and the log's producer."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

import msgspec
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from journal.settings import Settings
from sinks.outbox.events import LogEvent, decode

SECONDS: float = 30.0
POLL_MS_MAX = 600_000
_FETCH = 1000
_TRANSIENT = frozenset({KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT})  # noqa: SLF001 - librdkafka's own codes start so
_STARTING = frozenset(
    {
        KafkaError.NOT_COORDINATOR,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError._WAIT_COORD,  # noqa: SLF001
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.NOT_LEADER_FOR_PARTITION,
    }
)
"""A broker that has just started, or just made a topic, answers with these for a moment."""
_log = logging.getLogger(__name__)
T = TypeVar("T")


class Plan(NamedTuple):
    """Where one outbox lives. `log_partitions` 1: the owner of that one has every partition of the outbox; else they go in pairs."""

    outbox: str
    log: str
    group: str
    source: str
    log_partitions: int
    partitions: int

    def log_partition(self, partition: int) -> int:
        """The partition of the log that speaks of this partition of the outbox."""
        return partition % self.log_partitions

    def lanes_of(self, log_partitions: list[int]) -> list[int]:
        """The partitions of the outbox that these partitions of the log speak of."""
        return [p for p in range(self.partitions) if self.log_partition(p) in log_partitions]


def group_consumer(settings: Settings, plan: Plan) -> Consumer:
    """The consumer that is a member of the group."""
    return Consumer(
        settings.kafka(
            group_id=plan.group,
            group_instance_id=f"{plan.group}-{settings.worker_host}-{settings.worker_index}",
            enable_auto_commit=False,
            auto_offset_reset="error",
            isolation_level="read_committed",
            partition_assignment_strategy="range",
            max_poll_interval_ms=POLL_MS_MAX,
            session_timeout_ms=10_000,
            enable_partition_eof=True,
            fetch_wait_max_ms=100,
            queued_max_messages_kbytes=16_384,
            allow_auto_create_topics=False,
        )
    )


class Reader:
    """Reads ranges of partitions, outside the group's doings."""

    def __init__(self, settings: Settings, group: str) -> None:
        self._consumer = Consumer(
            settings.kafka(
                group_id=f"{group}-reader",
                enable_auto_commit=False,
                enable_partition_eof=True,
                isolation_level="read_committed",
                auto_offset_reset="error",
                fetch_wait_max_ms=50,
                allow_auto_create_topics=False,
            )
        )

    def end(self, topic: str, partition: int) -> int:
        """The offset behind the last message."""
        asked = TopicPartition(topic, partition)
        return int(patiently(lambda: self._consumer.get_watermark_offsets(asked, timeout=SECONDS))[1])

    def ends(self, topics: Iterable[str]) -> dict[tuple[str, int], int]:
        """The same for every partition of these topics; those that do not exist are left out."""
        known = self._consumer.list_topics(timeout=SECONDS).topics
        return {(topic, p): self.end(topic, p) for topic in topics if topic in known for p in known[topic].partitions}

    def offset_at(self, topic: str, partition: int, at_ms: int) -> int:
        """The first offset that was written at this instant or later; the end when there is none."""
        asked = [TopicPartition(topic, partition, at_ms)]
        (found,) = patiently(lambda: self._consumer.offsets_for_times(asked, timeout=SECONDS))
        return int(found.offset) if found.offset >= 0 else self.end(topic, partition)

    def messages(self, topic: str, partition: int, start: int, end: int) -> Iterator[Message | None]:
        """The messages of a range; None now and then while there are none, so that a caller may do something else meanwhile.

        Raises TimeoutError when the broker gives nothing for long, KafkaException for what does not pass.
        """
        if start >= end:
            return
        self._consumer.assign([TopicPartition(topic, partition, start)])
        silent = 0.0
        while True:
            found = self._consumer.consume(_FETCH, 0.1)
            silent = 0.0 if found else silent + 0.1
            if silent > SECONDS:
                raise TimeoutError(f"{topic}[{partition}] gave nothing for {SECONDS:.0f} s, short of offset {end}")
            for message in found:
                if failed(message):
                    if ended(message):
                        return
                    continue
                if offset_of(message) >= end:
                    return
                yield message
                if offset_of(message) == end - 1:
                    return
            yield None

    def log(self, topic: str, partition: int, start: int, end: int) -> Iterator[tuple[int, LogEvent]]:
        """Offset and event of each message in a range of the log; what is none is passed over."""
        for message in self.messages(topic, partition, start, end):
            if message is not None and (event := log_event(message)) is not None:
                yield offset_of(message), event

    def close(self) -> None:
        """Let go of the connection."""
        self._consumer.close()


class LogWriter:
    """Writes the log. `flush` returns when the broker has all of it; `ends` are the offsets behind what was written."""

    def __init__(self, settings: Settings, plan: Plan) -> None:
        self._plan = plan
        self.ends: dict[int, int] = {}
        self._failure: KafkaError | None = None
        self._producer = Producer(
            settings.kafka(enable_idempotence=True, acks="all", compression_type="lz4", linger_ms=1, message_timeout_ms=int(SECONDS * 1000))
        )

    def write(self, log_partition: int, key: str, value: bytes) -> None:
        """Queue an event."""
        self._producer.produce(self._plan.log, value, key.encode(), partition=log_partition, on_delivery=self._delivered)
        self._producer.poll(0)

    def flush(self) -> None:
        """Wait for the broker's word. Raises KafkaException or TimeoutError without it: what was tried is then not known to be kept."""
        left = self._producer.flush(SECONDS)
        if self._failure is not None:
            raise KafkaException(self._failure)
        if left:
            raise TimeoutError(f"Kafka did not acknowledge {left} events of {self._plan.log} within {SECONDS:.0f} s")

    def _delivered(self, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            self._failure = self._failure or error
            return
        partition = partition_of(message)
        self.ends[partition] = max(self.ends.get(partition, 0), offset_of(message) + 1)


def patiently(ask: Callable[[], T]) -> T:
    """The answer of a broker that may just have started. Raises KafkaException for what does not pass."""
    deadline_s = time.monotonic() + SECONDS
    while True:
        try:
            return ask()
        except KafkaException as error:
            if error.args[0].code() not in _STARTING or time.monotonic() > deadline_s:
                raise
            time.sleep(0.1)


def log_event(message: Message) -> LogEvent | None:
    """The event of the log; None, and a line in our own log, for what is none."""
    try:
        return decode(value_of(message))
    except msgspec.MsgspecError as error:
        where = f"{message.topic()}[{partition_of(message)}]@{offset_of(message)}"
        _log.error("%s is no event of a delivery log and is passed over: %s", where, type(error).__name__)
        return None


def failed(message: Message) -> bool:
    """Whether this is no message but a passing remark of librdkafka. Raises KafkaException for an error that does not pass."""
    error = message.error()
    if error is None:
        return False
    if error.code() != KafkaError._PARTITION_EOF and error.code() not in _TRANSIENT:  # noqa: SLF001
        raise KafkaException(error)
    return True


def ended(message: Message) -> bool:
    """Whether this is the remark that the partition ends here."""
    error = message.error()
    return error is not None and error.code() == KafkaError._PARTITION_EOF  # noqa: SLF001


def partition_of(message: Message) -> int:
    """Its partition."""
    found = message.partition()
    assert found is not None, "a message of an assigned partition has a place"
    return found


def offset_of(message: Message) -> int:
    """Its offset."""
    found = message.offset()
    assert found is not None, "a message of an assigned partition has a place"
    return found


def value_of(message: Message) -> bytes:
    """Its bytes; empty for none."""
    value = message.value()
    return value.encode() if isinstance(value, str) else value or b""
