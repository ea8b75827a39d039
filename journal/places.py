"""One record of the journal by its place."""

import time
from typing import Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from journal.settings import Settings
from journal.topics import JOURNAL

_SECONDS: Final = 10.0


def record_at(settings: Settings, partition: int, offset: int) -> bytes:
    """The bytes at an offset of the journal. Raises KafkaException, and TimeoutError when the broker gives nothing."""
    consumer = Consumer(settings.kafka(group_id="hms-journal-place", enable_auto_commit=False, fetch_wait_max_ms=50))
    try:
        consumer.assign([TopicPartition(JOURNAL, partition, offset)])
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            message = consumer.poll(0.1)
            if message is None:
                continue
            error = message.error()
            if error is not None:
                raise KafkaException(error)
            value = message.value()
            assert message.offset() == offset
            return value.encode() if isinstance(value, str) else value or b""
    finally:
        consumer.close()
    raise TimeoutError(f"the journal gives nothing at {partition}:{offset}")
