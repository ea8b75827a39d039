"""Telling every partition the same: a rule book, a shadow, a rollout phase; and waiting for the journal's answer in each.

The event goes to each partition of the clock topic by number. A second try is harmless: who has heard it already answers that it has.
"""

import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple

import msgspec
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from journal import topics
from journal.chain import Accepted, Place
from journal.reader import ChainReader
from journal.settings import Settings
from ledger.effects import AnyEffect, DeadLettered, Refused
from ledger.record import Link
from ledger.refusal import Refusal
from ledger.wire import EVENT_BYTES_MAX

CLOCK_KEY: Final = b"clock"
WAIT_S: Final = 15.0
_ANSWER_S: Final = 30.0
_HAS_IT_ALREADY: Final = frozenset({Refusal.POLICY_IN_FORCE.value, Refusal.DUPLICATE.value})
Word = Literal["done", "already", "refused", "silent"]


class Answer(NamedTuple):
    """What one partition said. `silent`: nothing yet; the event is in its topic and will be answered."""

    partition: int
    word: Word
    reason: str = ""
    detail: str = ""


class TooLargeError(ValueError):
    """The event is larger than what is read; nothing was sent."""


def announce(
    settings: Settings, kind: str, data: Mapping[str, Any], wait_s: float = WAIT_S, heard: Callable[[int], None] = lambda _count: None
) -> tuple[Answer, ...]:
    """Answers of all partitions, in order. `kind` is the CloudEvents type; `heard` is told how many have answered.

    Raises TooLargeError, KafkaException, and ChainError when the journal is broken.
    """
    value = _event(kind, data)
    if len(value) > EVENT_BYTES_MAX:
        raise TooLargeError(f"the event would have {len(value):,} bytes; at most {EVENT_BYTES_MAX:,} are read")
    numbers = range(settings.partitions)
    with ChainReader(settings, fetch_wait_max_ms=50) as reader:
        reader.start(relayed(settings))
        offsets = _send(settings, value)
        found: dict[int, Answer] = {}
        deadline = time.monotonic() + wait_s
        while len(found) < len(numbers) and time.monotonic() < deadline:
            for accepted in reader.read(0.1):
                answer = _answer(accepted, offsets[accepted.partition])
                if answer is not None:
                    found[accepted.partition] = answer
                    heard(len(found))
    return tuple(found.get(number, Answer(number, "silent")) for number in numbers)


def relayed(settings: Settings) -> dict[int, Place]:
    """Where the relay stands in each partition, chain and all: all that is older is known to have been read. The start, where it has not
    been yet."""
    consumer = Consumer(settings.kafka(group_id=topics.POSTER, enable_auto_commit=False, isolation_level="read_committed"))
    try:
        asked = [TopicPartition(topics.JOURNAL, number) for number in range(settings.partitions)]
        return {part.partition: _place(part) for part in consumer.committed(asked, _ANSWER_S)}
    finally:
        consumer.close()


def _place(part: TopicPartition) -> Place:
    if part.error is not None:
        raise KafkaException(part.error)
    sequence, _, previous = (part.metadata or "").partition(":")
    if part.offset < 0 or not previous:
        return Place()
    return Place(part.offset, Link(int(sequence), previous))


def _event(kind: str, data: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": "/hms-ach/operator",
            "type": kind,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "data": data,
        }
    )


def _send(settings: Settings, value: bytes) -> dict[int, int]:
    """Offset of the event in each partition, once the broker has it."""
    producer = Producer(settings.kafka(enable_idempotence=True, acks="all", message_max_bytes=2 * EVENT_BYTES_MAX, compression_type="lz4"))
    offsets: dict[int, int] = {}
    failed: list[KafkaError] = []

    def report(error: KafkaError | None, message: Message) -> None:
        if error is not None:
            failed.append(error)
        else:
            offsets[message.partition() or 0] = message.offset() or 0

    for number in range(settings.partitions):
        producer.produce(topics.CLOCK, value, CLOCK_KEY, number, on_delivery=report)
    left = producer.flush(_ANSWER_S)
    if failed:
        raise KafkaException(failed[0])
    if left:
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT))  # noqa: SLF001 - the library's public name for it
    return offsets


def _answer(accepted: Accepted, offset: int) -> Answer | None:
    """The partition's answer to the event at this offset of its clock topic, if this record has it."""
    record = accepted.record()
    for entry in record.entries:
        if record.sources[entry.source] == topics.CLOCK and entry.offset == offset:
            return _said(accepted.partition, entry.effects[0])
    return None


def _said(partition: int, effect: AnyEffect) -> Answer:
    if isinstance(effect, Refused):
        word: Word = "already" if effect.reason in _HAS_IT_ALREADY else "refused"
        return Answer(partition, word, effect.reason, effect.detail)
    if isinstance(effect, DeadLettered):
        return Answer(partition, "refused", effect.code, effect.detail)
    return Answer(partition, "done")
