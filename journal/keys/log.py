"""A key topic: written with every acknowledgement looked at, read from its begin to its present end and on."""

import threading
import time
from collections.abc import Iterable, Mapping
from typing import Final

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from journal.keys.masters import KeyAccessError
from journal.reader import patiently
from journal.settings import Settings

_SECONDS: Final = 15.0
_POLL_S: Final = 0.05
Pair = tuple[bytes, bytes | None]
"""key and value; without a value a tombstone"""


class KeyLog:
    """One of the key topics; each has one partition."""

    def __init__(self, settings: Settings, topic: str) -> None:
        self._settings = settings
        self._topic = topic
        self._consumer: Consumer | None = None
        self._producer: Producer | None = None
        self._next = 0
        self._starting = threading.Lock()
        self._stop = threading.Event()
        self._poller = threading.Thread(target=self._poll, name=f"{topic}-reports", daemon=True)

    def read(self, seconds: float) -> list[Pair]:
        """The next records, as they come within `seconds`. Raises KafkaException for what librdkafka cannot mend by itself."""
        found: list[Pair] = []
        for message in self._reader().consume(1000, seconds):
            error = message.error()
            if error is None:
                self._next = (message.offset() or 0) + 1
                found.append((_bytes(message.key()) or b"", _bytes(message.value())))
            elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001
                self._next = max(self._next, message.offset() or 0)
            elif not error.retriable():
                raise KafkaException(error)
        return found

    def end(self) -> int:
        """The offset behind the last record, now."""
        place = TopicPartition(self._topic, 0)
        return int(patiently(lambda: self._reader().get_watermark_offsets(place, timeout=_SECONDS))[1])

    @property
    def next_offset(self) -> int:
        """The offset behind what was read; places that compaction has emptied count as read."""
        return self._next

    def write(self, records: Mapping[bytes, bytes | None] | Iterable[Pair]) -> None:
        """Write records and wait until every replica has them. Raises KeyAccessError when Kafka does not take them in time."""
        producer = self._writer()
        pairs = list(records.items() if isinstance(records, Mapping) else records)
        left, failed, done = [len(pairs)], list[KafkaError](), threading.Event()  # reports come from the one thread that polls

        def report(error: KafkaError | None, _: Message) -> None:
            left[0] -= 1
            if error is not None:
                failed.append(error)
            if not left[0]:
                done.set()

        for key, value in pairs:
            while True:
                try:
                    producer.produce(self._topic, value, key, on_delivery=report)
                    break
                except BufferError:
                    time.sleep(_POLL_S)
        if pairs:
            done.wait(_SECONDS)
        if failed or left[0]:
            why = failed[0].str() if failed else "no acknowledgement in time"
            raise KeyAccessError(f"Kafka did not take a key: {why}. Nothing was sealed with it; try again.")

    def close(self) -> None:
        """Let go of the connections."""
        if self._consumer is not None:
            self._consumer.close()
        if self._producer is not None:
            self._producer.flush(2)
            self._stop.set()
            self._poller.join(2)

    def _reader(self) -> Consumer:
        if self._consumer is None:
            self._consumer = Consumer(
                self._settings.kafka(
                    group_id="hms-keys-reader",
                    enable_auto_commit=False,
                    enable_auto_offset_store=False,
                    enable_partition_eof=True,
                    allow_auto_create_topics=False,
                    fetch_wait_max_ms=50,
                )
            )
            self._consumer.assign([TopicPartition(self._topic, 0, 0)])
        return self._consumer

    def _writer(self) -> Producer:
        with self._starting:
            if self._producer is None:
                self._producer = Producer(
                    self._settings.kafka(enable_idempotence=True, acks="all", linger_ms=2, message_timeout_ms=int(_SECONDS * 1000))
                )
                self._poller.start()
            return self._producer

    def _poll(self) -> None:
        assert self._producer is not None
        while not self._stop.is_set():
            self._producer.poll(_POLL_S)


def _bytes(value: str | bytes | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value
