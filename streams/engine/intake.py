"""The intake: one turn after the other it reads what the group gives this worker, rebuilds what is new, and hands whole fetches on,
split by partition. It knows neither threads nor Faust: those are the fetcher's."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from journal.failpoint import mutant
from journal.settings import Settings
from streams.engine.batch import Batch
from streams.engine.machine import Machine

FETCH_WAIT_S = 0.05
log = logging.getLogger(__name__)


class InterruptedRebuildError(Exception):
    """A rebuild is given up: its assignment is no longer ours, or the worker stops."""


class Intake:
    """Reads all sources in one consumer group.

    `in_loop` runs a step in the engine's event loop and waits for it: this is the back-pressure of the channel.
    """

    def __init__(
        self,
        settings: Settings,
        machine: Machine,
        consumer: Consumer,
        in_loop: Callable[[Awaitable[None]], None],
        hand_on: Callable[[Sequence[Batch]], Awaitable[None]],
        quiesce: Callable[[], Awaitable[None]],
        take_over: Callable[[int, Sequence[int], "Intake"], dict[int, Sequence[int]]],
    ) -> None:
        self._settings = settings
        self._machine = machine
        self._consumer = consumer
        self._in_loop = in_loop
        self._hand_on = hand_on
        self._quiesce = quiesce
        self._take_over = take_over
        self._index = {topic: number for number, topic in enumerate(machine.sources)}
        self._assigned: list[TopicPartition] | None = None
        self._handed: dict[tuple[int, int], int] = {}
        self.stopping = False
        self.epoch = 0
        self.group: Any = None
        """group metadata of the present assignment: what fences a worker that lost it"""

    def join(self) -> None:
        """Become a member of the group."""
        self._consumer.subscribe(list(self._machine.sources), on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_revoke)

    def turn(self) -> None:
        """One fetch, and what follows from it."""
        messages = self._consumer.consume(self._settings.fetch_events, FETCH_WAIT_S)
        if self._assigned is not None:
            # what came with this call can be of the old assignment: it is read again from the journal's positions
            self._begin()
        elif messages:
            self._deliver(messages)

    def leave(self) -> None:
        """Finish what is under way and leave the group."""
        self._in_loop(self._quiesce())
        self._consumer.close()

    def poll_paused(self) -> None:
        """Serve the group's call-backs while partitions are rebuilt; every partition is paused, so nothing is read.

        Raises InterruptedRebuildError when the assignment changed meanwhile or the worker stops.
        """
        epoch = self.epoch
        self._consumer.poll(0)
        if self.epoch != epoch or self.stopping:
            raise InterruptedRebuildError

    def published(self, partitions: Sequence[int]) -> dict[int, tuple[int, str]]:
        """The relay's positions in the journal and their metadata, as committed with its transactions."""
        if not partitions:
            return {}
        asked = [TopicPartition(self._machine.journal, number) for number in partitions]
        found = {}
        for part in self._consumer.committed(asked, 30):
            if part.error is not None:
                raise KafkaException(part.error)
            if part.offset >= 0:
                found[part.partition] = (part.offset, part.metadata or "")
        return found

    def journal_end(self, partition: int) -> int:
        """Offset of the next record of the journal's partition."""
        _, end = self._consumer.get_watermark_offsets(TopicPartition(self._machine.journal, partition), 30, cached=False)
        return int(end)

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
        while self._assigned is not None and not self.stopping:
            assigned, self._assigned = self._assigned, None
            epoch, self.group = self.epoch, self._consumer.consumer_group_metadata()
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
            self._consumer.assign(start)
            self._consumer.resume(start)
            log.info("assigned partitions %s, epoch %d", numbers, epoch)
        if mutant(self._settings, "keep-assigning-messages"):
            self._deliver(self._came_along())

    def _came_along(self) -> Sequence[Message]:
        """The mutant's: the later half of a fetch, whose earlier half is lost for good.

        It stands in for what the assigning call brought from a queue that was not purged, and loses more surely than that did.
        """
        messages = self._consumer.consume(self._settings.fetch_events, 1.0)
        return messages[len(messages) // 2 :]

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
