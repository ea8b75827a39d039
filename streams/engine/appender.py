"""Writes to the journal and to the dead-letter topic: idempotent, acknowledged by all replicas, every report looked at."""

import asyncio
import threading
from collections.abc import Sequence

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from journal.settings import Settings

_POLL_S = 0.1
_DELIVERY_MS = 60_000


class Appender:
    """A producer whose delivery reports become futures of the event loop."""

    def __init__(self, settings: Settings, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._producer = Producer(
            settings.kafka(
                enable_idempotence=True,
                acks="all",
                compression_type="lz4",
                linger_ms=0,
                message_max_bytes=12_000_000,
                message_timeout_ms=_DELIVERY_MS,
            )
        )
        self._stop = threading.Event()
        self._poller = threading.Thread(target=self._poll, name="journal-reports", daemon=True)
        self._poller.start()

    def append(
        self,
        topic: str,
        partition: int,
        value: bytes | None,
        key: bytes | None = None,
        headers: Sequence[tuple[str, bytes | None]] | None = None,
    ) -> "asyncio.Future[int]":
        """Produce one record; the future holds its offset, or the KafkaException of its failure."""
        future: asyncio.Future[int] = self._loop.create_future()

        def report(error: KafkaError | None, message: Message) -> None:
            self._loop.call_soon_threadsafe(_settle, future, error, message.offset())

        self._producer.produce(topic, value, key, partition, on_delivery=report, headers=list(headers) if headers else None)
        return future

    def close(self) -> None:
        """Wait for what is under way, then stop the reports' thread."""
        self._producer.flush(10)
        self._stop.set()
        self._poller.join()

    def _poll(self) -> None:
        while not self._stop.is_set():
            self._producer.poll(_POLL_S)


def _settle(future: "asyncio.Future[int]", error: KafkaError | None, offset: int | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(KafkaException(error))
    else:
        assert offset is not None
        future.set_result(offset)
