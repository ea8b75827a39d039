"""The delivery logs' way into ClickHouse. Here the position lives with the data: a block is one insert into one table, there whole or not
at all, so the highest offset in the table is where to go on, whatever broke off before.
"""

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any, Final

from clickhouse_connect.driver.client import Client
from confluent_kafka import Consumer, Message, TopicPartition

from journal import topics
from journal.failpoint import hit
from journal.settings import Settings
from sinks.clickhouse.database import Database
from sinks.clickhouse.faults import is_lost, is_transient
from sinks.outbox.events import DeliveryAttempted
from sinks.outbox.kafka import Reader, failed, log_event, offset_of, partition_of

TABLE: Final = "delivery_attempts"
LOGS: Final = (topics.WEBHOOK_DELIVERIES, topics.NOTIFICATION_DELIVERIES)
COLUMNS: Final[Mapping[str, str]] = {
    "topic": "LowCardinality(String)",
    "partition": "UInt16",
    "offset": "UInt64",
    "at": "DateTime64(3, 'UTC')",
    "credit_reference": "String",
    "delivery_id": "String",
    "transaction_id": "String",
    "channel": "LowCardinality(String)",
    "template": "LowCardinality(String)",
    "patient_id": "String",
    "outbox_partition": "UInt16",
    "outbox_offset": "UInt64",
    "number": "UInt16",
    "outcome": "LowCardinality(String)",
    "status": "UInt16",
    "reason": "String",
    "duration_ms": "UInt32",
    "next_at": "Nullable(DateTime64(3, 'UTC'))",
    "endpoint": "LowCardinality(String)",
    "replay": "String",
}
_BLOCK_ROWS = 5_000
_BLOCK_SECONDS = 1.0
_AGAIN_SECONDS = 2.0
_log = logging.getLogger(__name__)
Place = tuple[str, int]
"""topic and partition of a log"""


def row_of(topic: str, partition: int, offset: int, event: DeliveryAttempted) -> list[Any]:
    """The row of an attempt, as `COLUMNS` orders it."""
    said = event.data
    return [
        topic,
        partition,
        offset,
        event.time,
        said.credit_reference,
        said.delivery_id,
        said.transaction_id,
        said.channel,
        said.template,
        said.patient_id,
        said.partition,
        said.offset,
        said.number,
        said.outcome,
        said.status,
        said.reason,
        said.duration_ms,
        said.next_at,
        said.endpoint,
        said.replay,
    ]


def places(client: Client) -> dict[Place, int]:
    """The offset to go on from in each partition of the logs of which anything is stored."""
    rows = client.query(f"SELECT topic, partition, max(offset) FROM {TABLE} GROUP BY topic, partition").result_rows  # noqa: S608 - ours
    return {(str(topic), int(partition)): int(offset) + 1 for topic, partition, offset in rows}


class AttemptsSink:
    """Stores the delivery logs, in a thread of its own from `start` to `stop`; with `error` set when it has stopped by itself."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.error: Exception | None = None
        self._settings = settings
        self._client = database.client()
        self._places: dict[Place, int] = {}
        self._rows: list[list[Any]] = []
        self._opened_s = 0.0
        self._assignments = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attempts-sink", daemon=True)

    def start(self) -> None:
        """Begin to store."""
        self._thread.start()

    def stop(self, timeout_s: float = 30.0) -> bool:
        """Store what is gathered, and end; False when that takes longer."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def reached(self) -> dict[Place, int]:
        """The offset before which everything of a log is stored, of the partitions this sink has."""
        return {} if self._rows else dict(self._places)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._consume_once()
        except Exception as error:  # noqa: BLE001 - the thread's end: kept, shown by the process's health, and logged with its trace
            self.error = error
            _log.critical("the delivery logs are no longer stored: %s", error, exc_info=error)

    def _consume_once(self) -> None:
        """Be a member of the group until told to stop, or until membership, connection or ClickHouse are lost."""
        consumer = Consumer(
            self._settings.kafka(
                group_id=f"hms-sink-attempts-{self._settings.clickhouse_database}",
                group_instance_id=f"hms-sink-attempts-{self._settings.worker_host}-{self._settings.worker_index}",
                enable_auto_commit=False,
                auto_offset_reset="error",
                allow_auto_create_topics=False,
                fetch_wait_max_ms=250,
                queued_max_messages_kbytes=8_192,
            )
        )
        try:
            consumer.subscribe(list(LOGS), on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._revoked)
            while not self._stopping.is_set():
                self._read(consumer)
                if self._rows and (len(self._rows) >= _BLOCK_ROWS or time.monotonic() - self._opened_s >= _BLOCK_SECONDS):
                    self._store()
            if self._rows:
                self._store()
        except Exception as error:
            if not (is_lost(error) or is_transient(error)):
                raise
            _log.warning("the delivery logs are read anew from what is stored: %s", error)
            self._stopping.wait(_AGAIN_SECONDS)
        finally:
            self._rows.clear()
            consumer.close()

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        have = places(self._client)
        self._places = {(part.topic, part.partition): have.get((part.topic, part.partition), 0) for part in partitions}
        self._go_on(consumer)

    def _revoked(self, consumer: Consumer, _partitions: list[TopicPartition]) -> None:
        self._assignments += 1
        self._places.clear()
        self._rows.clear()
        consumer.unassign()

    def _go_on(self, consumer: Consumer) -> None:
        self._assignments += 1
        consumer.assign([TopicPartition(topic, partition, offset) for (topic, partition), offset in self._places.items()])

    def _read(self, consumer: Consumer) -> None:
        assignments = self._assignments
        messages = consumer.consume(_BLOCK_ROWS, 0.25)
        if assignments != self._assignments:  # these may be of the assignment before: all is read again
            self._go_on(consumer)
            return
        for message in messages:
            if not failed(message):
                self._gather(message)

    def _gather(self, message: Message) -> None:
        topic, partition, offset = message.topic(), partition_of(message), offset_of(message)
        assert topic is not None, "a message of an assigned partition has a place"
        self._places[topic, partition] = offset + 1
        event = log_event(message)
        if isinstance(event, DeliveryAttempted):
            if not self._rows:
                self._opened_s = time.monotonic()
            self._rows.append(row_of(topic, partition, offset, event))

    def _store(self) -> None:
        """One insert. A failure ends the membership: what then is stored decides where to go on."""
        hit(self._settings, "attempts-before-insert")
        self._client.insert(
            TABLE,
            self._rows,
            column_names=list(COLUMNS),
            column_type_names=list(COLUMNS.values()),
            settings={"async_insert": 0, "insert_deduplicate": 0, "optimize_on_insert": 0},
        )
        hit(self._settings, "attempts-after-insert")
        self._rows.clear()


def store_all(settings: Settings, database: Database) -> None:
    """Store the delivery logs as they end now, in a thread that is gone afterwards. Raises what stopped it."""
    reader = Reader(settings, "hms-sink-attempts")
    try:
        ends = reader.ends(LOGS)
    finally:
        reader.close()
    sink = AttemptsSink(settings, database)
    sink.start()
    try:
        while sink.error is None:
            reached = sink.reached()
            if all(reached.get(place, 0) >= end for place, end in ends.items() if end):
                break
            time.sleep(0.1)
    finally:
        sink.stop()
    if sink.error is not None:
        raise sink.error
