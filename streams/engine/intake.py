"""The intake: one turn after the other it reads what the group gives this worker, rebuilds what is new, and hands on what it fetched, by
partition and in order of time. It knows neither threads nor Faust: those are the fetcher's."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from journal import partition_count
from journal.failpoint import mutant
from journal.settings import Settings
from streams.engine.batch import Batch
from streams.engine.interleave import Interleaver
from streams.engine.laggards import Laggards, Place
from streams.engine.machine import Machine

FETCH_WAIT_S = 0.05
HELD_MAX = 32_000
"""messages that a worker holds of one source, over all its partitions, for the other sources; a partition that holds its share of them
is fetched no more. Each takes about a kilobyte"""
_ASK_S = 5.0
_COUNT_S = 10.0
log = logging.getLogger(__name__)


class StuckSourceError(Exception):
    """A source has more to read and gives nothing."""


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
        self._handed: dict[Place, int] = {}
        self._between: Interleaver[Message] = Interleaver(len(machine.sources))
        self._held_max = HELD_MAX
        self._paused: set[Place] = set()
        self._laggards = Laggards()
        self._kept: list[Message] = []
        """the mutant's: what was fetched last under the old assignment. The call that changes the assignment brought it along in a
        librdkafka that did not purge it then; ours does, so it is the fetch before"""
        self.stopping = False
        self.turns = 0
        """signs of life, for the watchdog"""
        self.adrift = False
        """between two assignments"""
        self.epoch = 0
        self.group: Any = None
        """group metadata of the present assignment: what fences a worker that lost it"""

    def join(self) -> None:
        """Become a member of the group."""
        self._consumer.subscribe(list(self._machine.sources), on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_revoke)

    def turn(self) -> None:
        """One fetch, and what follows from it."""
        epoch = self.epoch
        self.turns += 1
        messages = self._consumer.consume(self._settings.fetch_events, FETCH_WAIT_S)
        if messages and mutant(self._settings, "keep-assigning-messages"):
            self._kept = messages
        if self._assigned is not None:
            # what came with this call can be of the old assignment: it is read again from the journal's positions
            self._begin()
        elif epoch == self.epoch:
            self._between.fetched(anything=bool(messages))
            self._deliver(messages)
            self._look_for_laggards()

    def leave(self) -> None:
        """Finish what is under way and leave the group."""
        self._in_loop(self._quiesce())
        self._consumer.close()

    def poll_paused(self) -> None:
        """Serve the group's call-backs while partitions are rebuilt; every partition is paused, so nothing is read.

        Raises InterruptedRebuildError when the assignment changed meanwhile or the worker stops.
        """
        epoch = self.epoch
        self.turns += 1
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
        self.adrift = False
        consumer.assign(partitions)
        if partitions:
            consumer.pause(partitions)

    def _on_revoke(self, consumer: Consumer, _: list[TopicPartition]) -> None:
        """What is under way is finished under the old assignment, which is still valid in here (unless it was lost)."""
        self._in_loop(self._quiesce())
        self.epoch += 1
        self._assigned = None
        self.adrift = True
        self._between.begin(())
        consumer.unassign()

    def _begin(self) -> None:
        """Rebuild the assigned partitions, then read from the journal's positions."""
        while self._assigned is not None and not self.stopping:
            assigned, self._assigned = self._assigned, None
            epoch, self.group = self.epoch, self._consumer.consumer_group_metadata()
            partition_count.must_be(self._settings.partitions, self._consumer, (*self._index, self._machine.journal), _COUNT_S)
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
            self._between.begin(numbers)
            self._held_max = HELD_MAX // max(len(numbers), 1)
            self._laggards.begin(self._handed.items())
            self._paused = set()
            log.info("assigned partitions %s, epoch %d", numbers, epoch)
        if self._kept:
            kept, self._kept = self._kept, []
            self._deliver(kept)

    def _deliver(self, messages: Sequence[Message]) -> None:
        """Take in what was fetched, and hand on what need not wait for other sources."""
        fetched, ends = self._sorted(messages)
        if len(self._index) == 1:
            ready = {number: [(0, message) for message in found] for (number, _), found in fetched.items()}
        else:
            ready = self._merged(fetched, ends)
        batches = [self._batch(number, found) for number, found in ready.items() if found]
        if batches:
            self._in_loop(self._hand_on(batches))

    def _sorted(self, messages: Sequence[Message]) -> tuple[dict[Place, list[Message]], dict[Place, int]]:
        """Messages by partition and source, and where a source has ended."""
        fetched: dict[Place, list[Message]] = {}
        ends: dict[Place, int] = {}
        index = self._index
        for message in messages:
            error = message.error()
            if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - the library's public name for it
                if error.retriable():
                    continue
                raise KafkaException(error)
            place: Place = (message.partition(), index[message.topic()])  # type: ignore[assignment, index]
            into = fetched.get(place)
            if into is None:
                into = fetched[place] = []
            if error is None:
                into.append(message)
            else:
                ends[place] = message.offset()  # type: ignore[assignment]
        return fetched, ends

    def _merged(self, fetched: Mapping[Place, list[Message]], ends: Mapping[Place, int]) -> dict[int, list[tuple[int, Message]]]:
        """What may be handed on now, by partition: (source, message) in order of time."""
        for place, found in fetched.items():
            position: int = found[-1].offset() + 1 if found else ends[place]  # type: ignore[operator]
            ended = not found or self._at_end(place, position, ends)
            self._laggards.reached(place, max(position, ends.get(place, 0)))
            self._between.add(*place, [(message.timestamp()[1], message) for message in found], ended=ended)
        ready = self._between.take()
        self._pause_what_is_ahead()
        return ready

    def _at_end(self, place: Place, position: int, ends: Mapping[Place, int]) -> bool:
        """Whether there is nothing more at this position, as far as the last fetch could tell."""
        _, high = self._consumer.get_watermark_offsets(self._part(place), cached=True)
        return position >= high >= 0 or ends.get(place, -1) >= position

    def _look_for_laggards(self) -> None:
        """Only where ends are told of: without them a transaction's mark at the end would look like a message that does not come."""
        if len(self._index) == 1:
            return
        try:
            reason = self._laggards.look(time.monotonic(), self._end)
        except KafkaException as error:
            log.info("the ends of the sources are not known: %s", error)
            return
        if reason:
            raise StuckSourceError(reason)

    def _end(self, place: Place) -> int:
        """Where a source ends for who reads what is committed; 0 when we want no more of it for now."""
        return 0 if place in self._paused else int(self._consumer.get_watermark_offsets(self._part(place), _ASK_S, cached=False)[1])

    def _pause_what_is_ahead(self) -> None:
        """Fetch no more of a source that is far ahead of the others of its partition, until these have caught up."""
        for place, held in self._between.held().items():
            if held > self._held_max and place not in self._paused:
                self._paused.add(place)
                self._consumer.pause([self._part(place)])
            elif held < self._held_max // 4 and place in self._paused:
                self._paused.remove(place)
                self._consumer.resume([self._part(place)])

    def _part(self, place: Place) -> TopicPartition:
        return TopicPartition(self._machine.sources[place[1]], place[0])

    def _batch(self, number: int, fetched: list[tuple[int, Message]]) -> Batch:
        last = dict(fetched)
        continues = {source: self._handed.get((number, source), -1) for source in last}
        for source, message in last.items():
            self._handed[number, source] = message.offset() + 1  # type: ignore[operator]
        return Batch(self.epoch, number, continues, fetched)
