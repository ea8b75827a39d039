"""Reads topics from their first message to their present end."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.error import KafkaError

_ANSWER_S = 30.0
_SILENCE_S = 60.0
_WAIT_S = 0.02


class Raw(NamedTuple):
    """One message as it lies in Kafka."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return f"{self.topic}[{self.partition}]@{self.offset}"


def read(options: Mapping[str, Any], topic: str, isolation: str = "read_committed") -> Iterator[Raw]:
    """Every message of a topic, each partition in order. Raises KafkaException, and TimeoutError when the broker falls silent."""
    consumer = Consumer(
        {
            **options,
            "group.id": "oracle",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": isolation,
            "auto.offset.reset": "error",
            "check.crcs": True,
            "fetch.wait.max.ms": 10,
        }
    )
    try:
        metadata = consumer.list_topics(topic, timeout=_ANSWER_S).topics[topic]
        if metadata.error is not None:
            raise KafkaException(metadata.error)
        consumer.assign([TopicPartition(topic, partition, 0) for partition in metadata.partitions])
        yield from _to_the_end(consumer, topic, set(metadata.partitions))
    finally:
        consumer.close()


def _to_the_end(consumer: Consumer, topic: str, reading: set[int]) -> Iterator[Raw]:
    heard = time.monotonic()
    while reading:
        messages = consumer.consume(2000, _WAIT_S)
        heard = time.monotonic() if messages else heard
        if time.monotonic() - heard > _SILENCE_S:
            raise TimeoutError(f"the broker sent nothing of {topic} {sorted(reading)} for {_SILENCE_S:.0f} s")
        for message in messages:
            error, partition = message.error(), message.partition()
            assert partition is not None
            if error is None:
                pairs: Any = message.headers() or ()
                headers = tuple((name, _bytes(value)) for name, value in pairs)
                offset, sent = message.offset(), message.timestamp()[1]
                assert offset is not None
                if partition in reading:  # what comes behind the end as it was is no part of the evidence
                    yield Raw(topic, partition, offset, sent, _bytes(message.key()), _bytes(message.value()), headers)
            elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - the library's public name for it
                reading.discard(partition)
            elif not error.retriable():
                raise KafkaException(error)


def _bytes(value: Any) -> bytes | None:
    return value.encode() if isinstance(value, str) else value
