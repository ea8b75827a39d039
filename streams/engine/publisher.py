"""The relay's transactions: public messages, checkpoints, and the position in the journal, all or nothing.

The position is committed for the fetcher's group with the group's metadata of the batch's assignment, so that the broker refuses a
worker that lost its partitions (KIP-447). One transactional id per worker; a worker that comes back under it ends what it left open.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from confluent_kafka import KafkaError, Producer, TopicPartition

from journal.settings import Settings
from ledger.record import Link
from streams.engine.batch import Journalled
from streams.engine.joint import Joint
from streams.engine.machine import Machine, Output
from streams.engine.recovery import MARK_KEY, Mark

TRANSACTION_MS = 15_000
COMMIT_S_MAX = 20.0
"""A commit that takes longer ends the process: the broker has aborted the transaction by then, and librdkafka's own limit does not hold
when the group's coordinator was away (its issues 5456 and 5511: it waits for ever for a coordinator that is long back)."""
COMMIT_AFTER_S = 0.1
MESSAGE_BYTES_MAX = 12_000_000
"""before compression: the checkpoint of an account with thousands of payments is larger than librdkafka's default of 1 MB"""
_CHECKPOINTS_AT_ONCE = 500
_TIMEOUT_S = 30.0


class Publisher:
    """Collects journalled records into a transaction. Every Kafka error is left to the caller, who ends the process."""

    def __init__(
        self,
        settings: Settings,
        machine: Machine,
        connect: Callable[[dict[str, Any]], Producer] = Producer,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._machine = machine
        self._monotonic_s = monotonic_s
        options: dict[str, Any] = dict(
            settings.kafka(
                transactional_id=f"{machine.name}.relay.{settings.worker_host}.{settings.worker_index}",
                transaction_timeout_ms=TRANSACTION_MS,
                enable_idempotence=True,
                compression_type="lz4",
                linger_ms=round(COMMIT_AFTER_S * 1000),  # a commit sends what waits; a batch before it costs a request a partition
                batch_size=524_288,
                queue_buffering_max_messages=1_000_000,
                message_max_bytes=MESSAGE_BYTES_MAX,
                partitioner="murmur2_random",
                delivery_report_only_error=True,
            )
        )
        self._producer = connect({**options, "on_delivery": _refused})
        self._producer.init_transactions(_TIMEOUT_S)
        self._open_since = 0.0
        self._committed_s = float("-inf")
        self._offsets: dict[tuple[str, int], TopicPartition] = {}
        self._joint = Joint()

    @property
    def open(self) -> bool:
        """Whether a transaction is under way."""
        return self._open_since > 0

    @property
    def ripe(self) -> bool:
        """Whether the transaction has been open for long enough."""
        return self.open and self._monotonic_s() - self._open_since >= COMMIT_AFTER_S

    @property
    def rest_s(self) -> float:
        """How long the next commit should wait for more to come: each costs the broker a marker in every partition it touches."""
        return max(self._committed_s + COMMIT_AFTER_S - self._monotonic_s(), 0.0)

    def add(self, item: Journalled) -> None:
        """Put one record's public messages and positions into the transaction."""
        if not self.open:
            self._producer.begin_transaction()
            self._open_since = self._monotonic_s()
        self._outputs(item)
        self._position(item)

    def checkpoints(self, item: Journalled) -> Iterator[None]:
        """Put the checkpoints of a record that was added into its transaction: of all that changed, and the mark that says so; readers see
        them together or not at all. Thousands of them would keep the event loop for a tenth of a second: it is given back now and then."""
        if item.checkpoint is None:
            return
        sequence = item.after.sequence - 1
        for number, (key, value) in enumerate(item.checkpoint.items()):
            if number % _CHECKPOINTS_AT_ONCE == _CHECKPOINTS_AT_ONCE - 1:
                yield
            self._produce(self._machine.checkpoints, self._machine.dump(sequence, value), key.encode(), partition=item.partition)
        mark = Mark(item.after.sequence, item.after.previous, item.offset + 1, item.sources, item.next, item.done)
        self._produce(self._machine.checkpoints, msgspec.json.encode(mark), MARK_KEY, partition=item.partition)

    def commit(self, group: Any) -> None:
        """Commit the transaction under the group's metadata; blocks. Raises KafkaException, whose error tells nothing that helps here."""
        self._write(self._joint.take_all())
        self._producer.send_offsets_to_transaction(list(self._offsets.values()), group, _TIMEOUT_S)
        self._producer.commit_transaction(_TIMEOUT_S)
        self._offsets = {}
        self._open_since = 0.0
        self._committed_s = self._monotonic_s()

    def _outputs(self, item: Journalled) -> None:
        plain: dict[str, list[dict[str, Any]]] = {}
        for output in self._machine.outputs(item.partition, item.sources, item.entries):
            if output.joins:
                self._joint.add(output)
                continue
            if output.topic in self._joint:
                self._write(self._joint.take(output.topic))
            if output.headers:
                self._write([output])
            else:
                plain.setdefault(output.topic, []).append({"key": output.key, "value": output.value})
        for topic, messages in plain.items():
            left = messages
            while left and self._producer.produce_batch(topic, left) != len(left):
                left = [message for message in left if message.pop("_error", None) is not None]
                self._producer.poll(0.05)
        self._producer.poll(0)

    def _write(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            self._produce(output.topic, output.value, output.key, output.headers)

    def _position(self, item: Journalled) -> None:
        journal = self._machine.journal
        self._offsets[journal, item.partition] = TopicPartition(journal, item.partition, item.offset + 1, chain_metadata(item.after))
        for topic, position in zip(item.sources, item.next, strict=True):
            if position >= 0 and topic in self._machine.sources:
                self._offsets[topic, item.partition] = TopicPartition(topic, item.partition, position)

    def _produce(
        self, topic: str, value: bytes, key: bytes, headers: tuple[tuple[str, bytes], ...] = (), partition: int | None = None
    ) -> None:
        where = {} if partition is None else {"partition": partition}
        while True:
            try:
                self._producer.produce(topic, value, key, headers=list(headers) or None, **where)  # type: ignore[arg-type]
            except BufferError:
                self._producer.poll(0.05)
            else:
                return


def chain_metadata(link: Link) -> str:
    """The chain's state at a committed offset: sequence number and hash, so that a reader resumes inside the chain."""
    return f"{link.sequence}:{link.previous}"


def _refused(error: KafkaError | None, _: object) -> None:
    """A message of a transaction that fails makes its commit fail; nothing to add here."""
