"""Messages into Kafka: idempotent, acknowledged by all replicas, placed by key as the contract says."""

from typing import Any

import msgspec
from confluent_kafka import KafkaError, Producer
from confluent_kafka import Message as Delivered

from journal.settings import Settings
from simulator.load import Sent
from simulator.message import Message

CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
MESSAGE_BYTES_MAX = 12_000_000
"""beyond what is decoded: oversize messages are a fault that the simulation produces"""
CONTENT_TYPE = ("content-type", b"application/cloudevents+json; charset=UTF-8")


class SendFailedError(Exception):
    """Kafka did not take a message: one sentence that says why."""


class _Attributes(msgspec.Struct):
    """The attributes that are repeated as headers."""

    id: str
    source: str
    type: str
    time: str
    subject: str


_attributes = msgspec.json.Decoder(_Attributes).decode


class Sender:
    """A producer of the simulation. `codec` is one of Kafka's compression codecs."""

    def __init__(self, settings: Settings, codec: str = "lz4", linger_ms: int = 5) -> None:
        self._failure: KafkaError | None = None
        self._producer = Producer(
            settings.kafka(
                enable_idempotence=True,
                compression_type=codec,
                partitioner="murmur2_random",
                linger_ms=linger_ms,
                batch_size=262_144,
                message_max_bytes=MESSAGE_BYTES_MAX,
                queue_buffering_max_messages=500_000,
            )
        )

    def send(self, message: Message) -> None:
        """Queue one message, with its CloudEvents attributes as headers where it has any; waits while the queue is full."""
        options: dict[str, Any] = {"headers": headers(message.value)}
        if message.partition >= 0:
            options["partition"] = message.partition
        self._queue(message.topic, message.key, message.value, options)

    def send_load(self, item: Sent) -> None:
        """Queue one message of the benchmark's load, without headers."""
        topic, key, value = item
        self._queue(topic, key, value, {})

    def flush(self, seconds: float = 30.0) -> None:
        """Wait until everything queued is acknowledged. SendFailedError when Kafka refused some of it or is too slow."""
        left = self._producer.flush(seconds)
        if self._failure is not None:
            raise SendFailedError(f"Kafka refused a message: {self._failure.str()}")
        if left:
            raise SendFailedError(f"Kafka did not acknowledge {left} messages within {seconds:.0f} s")

    def _queue(self, topic: str, key: bytes | None, value: bytes, options: dict[str, Any]) -> None:
        while True:
            try:
                self._producer.produce(topic, value=value, key=key, on_delivery=self._delivered, **options)
            except BufferError:
                self._producer.poll(0.05)
            else:
                self._producer.poll(0)
                return

    def _delivered(self, error: KafkaError | None, _: Delivered) -> None:
        if error is not None and self._failure is None:
            self._failure = error


def headers(value: bytes) -> list[tuple[str, bytes]]:
    """Content type and `ce_…` headers of an event; for what is no event the content type alone."""
    try:
        event = _attributes(value)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return [CONTENT_TYPE]
    named = (("id", event.id), ("source", event.source), ("type", event.type), ("time", event.time), ("subject", event.subject))
    return [CONTENT_TYPE, ("ce_specversion", b"1.0"), *((f"ce_{name}", text.encode()) for name, text in named)]
