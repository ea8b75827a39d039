"""Single journal records, read from Kafka at their offsets: for who wants the bytes of a few, not to follow the chain."""

import time
from collections.abc import Iterable
from typing import Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from journal.settings import Settings
from journal.topics import JOURNAL

WAIT_S: Final = 20.0


def records_at(settings: Settings, wanted: Iterable[tuple[int, int]], wait_s: float = WAIT_S) -> dict[tuple[int, int], bytes]:
    """The bytes at each (partition, offset); what Kafka no longer has is left out. Raises KafkaException and TimeoutError."""
    found: dict[tuple[int, int], bytes] = {}
    consumer = Consumer(settings.kafka(group_id="hms-journal-pick", enable_auto_commit=False, auto_offset_reset="error"))
    deadline = time.monotonic() + wait_s
    try:
        for partition, offset in sorted(set(wanted)):
            low, end = consumer.get_watermark_offsets(TopicPartition(JOURNAL, partition), wait_s, cached=False)
            if not low <= offset < end:
                continue
            consumer.assign([TopicPartition(JOURNAL, partition, offset)])
            value = _next(consumer, offset, deadline)
            if value is not None:
                found[partition, offset] = value
    finally:
        consumer.close()
    return found


def _next(consumer: Consumer, offset: int, deadline: float) -> bytes | None:
    """The message at the offset; None when another one comes first, since that one is gone."""
    while time.monotonic() < deadline:
        message = consumer.poll(0.5)
        if message is None:
            continue
        if message.error() is not None:
            raise KafkaException(message.error())
        return message.value() if message.offset() == offset else None
    raise TimeoutError(f"Kafka did not give the journal's record at offset {offset} in time.")
