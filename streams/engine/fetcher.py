"""The fetcher: owns the group's consumer, rebuilds what it is assigned, and hands whole fetches on, split by partition."""

import asyncio
import logging
import os
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import faust
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from journal.failpoint import mutant
from journal.settings import Settings
from streams.engine.batch import Batch
from streams.engine.machine import Machine

FETCH_WAIT_S = 0.05
QUIESCE_S = 30.0
EXIT_ENGINE = 70
log = logging.getLogger(__name__)


class InterruptedRebuildError(Exception):
    """A rebuild is given up: its assignment is no longer ours, or the worker stops."""


class Fetcher(faust.Service):  # type: ignore[misc]
    """Reads all sources in one consumer group. Runs in a thread of its own; the rest of the engine lives in the event loop."""

    def __init__(
        self,
        settings: Settings,
        machine: Machine,
        hand_on: Callable[[Sequence[Batch]], Awaitable[None]],
        quiesce: Callable[[], Awaitable[None]],
        take_over: Callable[[int, Sequence[int], "Fetcher"], dict[int, Sequence[int]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._settings = settings
        self._machine = machine
        self._hand_on = hand_on
        self._quiesce = quiesce
        self._take_over = take_over
        self._index = {topic: number for number, topic in enumerate(machine.sources)}
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._assigned: list[TopicPartition] | None = None
        self._handed: dict[tuple[int, int], int] = {}
        self._kept: list[Message] = []
        """the mutant's: what the call that changes the assignment brings along from the old one, in a librdkafka that does not purge it"""
        self.epoch = 0
        self.group: Any = None
        """group metadata of the present assignment: what fences a worker that lost it"""

    async def on_start(self) -> None:
        self._running_loop = asyncio.get_running_loop()
        self.consumer = Consumer(
            self._settings.kafka(
                group_id=self._machine.name,
                group_instance_id=f"{self._machine.name}.{self._settings.worker_host}.{self._settings.worker_index}",
                client_id=f"{self._machine.name}.{self._settings.worker_index}",
                partition_assignment_strategy="range",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                isolation_level="read_committed",
                session_timeout_ms=10_000,
                heartbeat_interval_ms=2_000,
                max_poll_interval_ms=300_000,
                fetch_wait_max_ms=50,
                fetch_max_bytes=67_108_864,
                max_partition_fetch_bytes=8_388_608,
                queued_min_messages=20_000,
                queued_max_messages_kbytes=16_384,
                check_crcs=False,
            )
        )
        self._thread = threading.Thread(target=self._run, name="fetcher", daemon=True)
        self._thread.start()

    async def on_stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, 20)

    def _run(self) -> None:
        """The thread. Whatever goes wrong here ends the process: Faust would go on without its input."""
        try:
            self._consume()
        except BaseException:
            log.exception("fetcher failed; the process ends and is started again")
            os._exit(EXIT_ENGINE)

    def _consume(self) -> None:
        self.consumer.subscribe(list(self._machine.sources), on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_revoke)
        while not self._stopping.is_set():
            messages = self.consumer.consume(self._settings.fetch_events, FETCH_WAIT_S)
            if messages and mutant(self._settings, "keep-assigning-messages"):
                self._kept = messages
            if self._assigned is not None:
                # what came with this call can be of the old assignment: it is read again from the journal's positions
                self._begin()
            elif messages:
                self._deliver(messages)
        self._in_loop(self._quiesce())
        self.consumer.close()

    def _on_assign(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.epoch += 1
        self._assigned = partitions
        consumer.assign(partitions)
        if partitions:
            consumer.pause(partitions)

    def _on_revoke(self, consumer: Consumer, _: list[TopicPartition]) -> None:
        """What is under way is finished under the old assignment, which is still valid in here (unless it was lost)."""
        self._in_loop(self._quiesce())
        self.epoch += 1
        self._assigned = None
        consumer.unassign()

    def _begin(self) -> None:
        """Rebuild the assigned partitions, then read from the journal's positions."""
        while self._assigned is not None and not self._stopping.is_set():
            assigned, self._assigned = self._assigned, None
            epoch, self.group = self.epoch, self.consumer.consumer_group_metadata()
            numbers = sorted({part.partition for part in assigned})
            try:
                positions = self._take_over(epoch, numbers, self)
            except InterruptedRebuildError:
                continue
            start = [
                TopicPartition(topic, number, max(positions[number][source], 0))
                for number in numbers
                for source, topic in enumerate(self._machine.sources)
            ]
            self._handed = {(number, source): positions[number][source] for number in numbers for source in self._index.values()}
            self.consumer.assign(start)
            self.consumer.resume(start)
            log.info("assigned partitions %s, epoch %d", numbers, epoch)
        if self._kept:
            self._deliver(self._kept)

    def poll_paused(self) -> None:
        """Serve the group's call-backs while partitions are rebuilt; every partition is paused, so nothing is read.

        Raises InterruptedRebuildError when the assignment changed meanwhile or the worker stops.
        """
        epoch = self.epoch
        self.consumer.poll(0)
        if self.epoch != epoch or self._stopping.is_set():
            raise InterruptedRebuildError

    def published(self, partitions: Sequence[int]) -> dict[int, tuple[int, str]]:
        """The relay's positions in the journal and their metadata, as committed with its transactions."""
        if not partitions:
            return {}
        asked = [TopicPartition(self._machine.journal, number) for number in partitions]
        found = {}
        for part in self.consumer.committed(asked, 30):
            if part.error is not None:
                raise KafkaException(part.error)
            if part.offset >= 0:
                found[part.partition] = (part.offset, part.metadata or "")
        return found

    def journal_end(self, partition: int) -> int:
        """Offset of the next record of the journal's partition."""
        _, end = self.consumer.get_watermark_offsets(TopicPartition(self._machine.journal, partition), 30, cached=False)
        return int(end)

    def _deliver(self, messages: Sequence[Message]) -> None:
        by_partition: dict[int, list[tuple[int, Message]]] = {}
        index = self._index
        for message in messages:
            error = message.error()
            if error is not None:
                if error.code() == KafkaError._PARTITION_EOF or error.retriable():  # noqa: SLF001
                    continue
                raise KafkaException(error)
            number = message.partition()
            into = by_partition.get(number)  # type: ignore[arg-type]
            if into is None:
                into = by_partition[number] = []  # type: ignore[index]
            into.append((index[message.topic()], message))  # type: ignore[index]
        batches = [self._batch(number, fetched) for number, fetched in by_partition.items()]
        if batches:
            self._in_loop(self._hand_on(batches))

    def _batch(self, number: int, fetched: list[tuple[int, Message]]) -> Batch:
        last = dict(fetched)
        continues = {source: self._handed.get((number, source), -1) for source in last}
        for source, message in last.items():
            self._handed[number, source] = message.offset() + 1  # type: ignore[operator]
        return Batch(self.epoch, number, continues, fetched)

    def _in_loop(self, step: Awaitable[None]) -> None:
        """Run a step in the event loop and wait for it: this is the back-pressure of the channel."""
        asyncio.run_coroutine_threadsafe(_as_coroutine(step), self._running_loop).result()


async def _as_coroutine(step: Awaitable[None]) -> None:
    await step
