"""What the ledger says, as the bank and the reviewers hear it: entries to send and decisions, `read_committed`."""

from datetime import datetime
from typing import Annotated

import msgspec
from confluent_kafka import Consumer, KafkaError, TopicPartition
from confluent_kafka import Message as Received

from journal.settings import Settings
from journal.topics import DECISIONS, ENTRIES
from ledger.money import cents
from ledger.wire import epoch_ms
from simulator.message import Entry

Offsets = dict[str, dict[int, int]]
"""By topic and partition: the next offset to read."""
FETCH = 500


class FeedFailedError(Exception):
    """The ledger's topics cannot be read: one sentence that says why."""


class Decision(msgspec.Struct, frozen=True):
    """A payment's new status."""

    account: str
    transaction_id: str
    status: str
    at_ms: int
    reason: str = ""


class _EntryData(msgspec.Struct):
    credit_reference: str
    transaction_id: str
    attempt: int
    side: str
    amount: str
    hospital_id: str


class _DecisionData(msgspec.Struct):
    credit_reference: str
    transaction_id: str
    status: str
    reason: str = ""


class _EntryDue(msgspec.Struct, tag_field="type", tag="ach.entry_due.v1"):
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    data: _EntryData


class _StatusChanged(msgspec.Struct, tag_field="type", tag="payment.status_changed.v1"):
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    data: _DecisionData


class _CreditApplied(msgspec.Struct, tag_field="type", tag="billing.credit_applied.v1"):
    """For the hospital's billing system; nothing to answer."""


_decode = msgspec.json.Decoder(_EntryDue | _StatusChanged | _CreditApplied).decode


def heard(value: bytes) -> Entry | Decision | None:
    """What a public message says to the bank or the reviewers; None when it concerns neither.

    Raises msgspec.MsgspecError for anything the ledger does not publish on these topics.
    """
    event = _decode(value)
    if isinstance(event, _EntryDue):
        data = event.data
        amount = cents(data.amount)
        return Entry(data.credit_reference, data.transaction_id, data.attempt, data.side, amount, data.hospital_id, epoch_ms(event.time))
    if isinstance(event, _StatusChanged):
        told = event.data
        return Decision(told.credit_reference, told.transaction_id, told.status, epoch_ms(event.time), told.reason)
    return None


class Feed:
    """Reads both topics from given offsets; the offsets are kept by the caller, together with what it made of the messages."""

    def __init__(self, settings: Settings, offsets: Offsets) -> None:
        self.offsets: Offsets = {topic: dict(offsets.get(topic, {})) for topic in (ENTRIES, DECISIONS)}
        self._consumer = Consumer(
            settings.kafka(
                group_id="hms-simulator",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                isolation_level="read_committed",
            )
        )
        self._consumer.assign(
            [
                TopicPartition(topic, partition, self.offsets[topic].get(partition, 0))
                for topic in (ENTRIES, DECISIONS)
                for partition in range(settings.partitions)
            ]
        )

    def poll(self, seconds: float) -> list[Entry | Decision]:
        """What was heard since, waiting at most so long for the first. FeedFailedError when the topics cannot be read."""
        first = self._consumer.poll(seconds)
        if first is None:
            return []
        return [said for message in (first, *self._consumer.consume(FETCH, 0)) if (said := self._take(message)) is not None]

    def close(self) -> None:
        """Leave the broker."""
        self._consumer.close()

    def _take(self, message: Received) -> Entry | Decision | None:
        error = message.error()
        if error is not None:
            if error.code() in (KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT):  # noqa: SLF001 (librdkafka's own codes start so)
                return None  # it goes on by itself when the broker is back
            raise FeedFailedError(f"the ledger's topics cannot be read: {error.str()}")
        topic, partition, offset, value = message.topic(), message.partition(), message.offset(), message.value()
        assert topic is not None, "a message without an error has a place"
        assert partition is not None, "a message without an error has a place"
        assert offset is not None, "a message without an error has a place"
        self.offsets[topic][partition] = offset + 1
        return heard(value) if isinstance(value, bytes) else None
