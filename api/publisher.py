"""Writes input events to Kafka: idempotent, acknowledged by all replicas, placed by key as every producer of ours places them."""

import asyncio
import threading
from typing import Final, NamedTuple

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from journal.settings import Settings

ACK_S_MAX: Final = 5.0
"""After this without the broker's word the caller is told to try again. The event may have arrived all the same: trying again is safe."""
_POLL_S: Final = 0.1
_CONTENT_TYPE: Final = ("content-type", b"application/cloudevents+json; charset=UTF-8")


class Unacknowledged(Exception):  # noqa: N818 - what is known, not what is wrong
    """The broker has not said in time that it has the event."""


class Placed(NamedTuple):
    """Where the broker has put an event."""

    topic: str
    partition: int
    offset: int


class Publisher:
    """A producer whose acknowledgements are awaited."""

    def __init__(self, settings: Settings) -> None:
        self._producer = Producer(
            settings.kafka(
                enable_idempotence=True,
                acks="all",
                partitioner="murmur2_random",
                compression_type="lz4",
                linger_ms=2,
                message_timeout_ms=int(ACK_S_MAX * 1000),
                queue_buffering_max_messages=10_000,
                queue_buffering_max_kbytes=65_536,
                allow_auto_create_topics=False,
            )
        )
        self._stop = threading.Event()
        self._poller = threading.Thread(target=self._poll, name="publisher-reports", daemon=True)
        self._poller.start()

    async def publish(self, topic: str, key: str, value: bytes, attributes: dict[str, str]) -> Placed:
        """Write one event and wait for the broker's word; `attributes` are its CloudEvents attributes, repeated as headers.

        Raises Unacknowledged when the word does not come in time.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Placed] = loop.create_future()

        def report(error: KafkaError | None, message: Message) -> None:
            loop.call_soon_threadsafe(_settle, future, error, message)

        headers: list[tuple[str, str | bytes | None]] = [
            _CONTENT_TYPE,
            *((f"ce_{name}", text.encode()) for name, text in attributes.items()),
        ]
        try:
            self._producer.produce(topic, value, key.encode(), on_delivery=report, headers=headers)
            return await asyncio.wait_for(future, ACK_S_MAX)
        except (BufferError, KafkaException, TimeoutError) as error:
            raise Unacknowledged(str(error) or "no acknowledgement in time") from error

    def waiting(self) -> int:
        """Events and reports that are under way."""
        return len(self._producer)

    def close(self) -> None:
        """Wait a moment for what is under way, then stop the reports' thread."""
        self._producer.flush(2)
        self._stop.set()
        self._poller.join()

    def _poll(self) -> None:
        while not self._stop.is_set():
            self._producer.poll(_POLL_S)


def _settle(future: "asyncio.Future[Placed]", error: KafkaError | None, message: Message) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(KafkaException(error))
        return
    topic, partition, offset = message.topic(), message.partition(), message.offset()
    assert topic is not None
    assert partition is not None
    assert offset is not None
    future.set_result(Placed(topic, partition, offset))
