"""The engine: what happens to a batch between the fetch and the public topics."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from confluent_kafka import Message

from journal.failpoint import mutant
from journal.settings import Settings
from streams.engine import letters
from streams.engine.appender import Appender
from streams.engine.batch import Batch, Journalled
from streams.engine.intake import Intake
from streams.engine.log import PartitionLog
from streams.engine.machine import Bad, Machine, Position
from streams.engine.outside import REAL, Outside
from streams.engine.publisher import COMMIT_S_MAX, Publisher
from streams.engine.recovery import recover
from streams.engine.underway import Underway

MARK_ENTRIES = 200_000
"""journal entries after which a partition's changed accounts are written as checkpoints"""
log = logging.getLogger(__name__)


class Engine:
    """Folds, journals and publishes. One poster and one relay call it, each in order; the fetcher hands it partitions."""

    def __init__(self, settings: Settings, machine: Machine, relay: Any, outside: Outside = REAL) -> None:
        self.settings = settings
        self._outside = outside
        self._fail = outside.fail
        self._hit = partial(outside.hit, settings)
        self._monotonic_s = outside.monotonic_s
        self.machine = machine
        self.partitions: dict[int, PartitionLog] = {}
        self.posted = 0
        self._relay = relay
        self._epoch = 0
        self._posting = asyncio.Lock()
        self._underway = Underway()
        self._group: Any = None
        self._appender: Appender | None = None
        self._publisher: Publisher | None = None
        self._backlog: list[Journalled] = []

    async def start(self) -> None:
        """Connect. The transactional producer ends what an earlier process of this name left open."""
        self._loop = asyncio.get_running_loop()
        self._appender = self._outside.appender(self.settings, self._loop)
        self._publisher = await asyncio.to_thread(self._outside.publisher, self.settings, self.machine)

    async def stop(self) -> None:
        """Wait for the reports of what was produced."""
        if self._appender is not None:
            await asyncio.to_thread(self._appender.close)

    # -- partitions come and go: called from the fetcher's thread -------------------------------------------------

    def take_over(self, epoch: int, numbers: Sequence[int], intake: Intake) -> dict[int, Sequence[int]]:
        """Rebuild the partitions of an assignment; returns their positions by source. Posting stands still meanwhile.

        What was there before may be kept, for `quiesce` has published it. What a rebuild has done that is given up half way may not: what
        it found unpublished is known nowhere else.
        """
        taken: dict[int, PartitionLog] = {}
        backlog: list[Journalled] = []
        published = intake.published(numbers)
        with self._outside.reader(self.settings, self.machine.name) as reader:
            for number in numbers:
                kept = self.partitions.get(number)
                if kept is not None and intake.journal_end(number) == kept.journal_end:
                    taken[number] = kept
                    continue
                began = self._monotonic_s()
                found = recover(self.settings, self.machine, reader, number, published.get(number), intake.poll_paused)
                found.log.marked_at = self._monotonic_s()
                taken[number] = found.log
                if mutant(self.settings, "keep-half-rebuild"):
                    self.partitions[number] = found.log
                backlog += found.unpublished
                log.info(
                    "partition %d rebuilt to record %d in %.2f s, %d records to publish",
                    number,
                    found.log.link.sequence,
                    self._monotonic_s() - began,
                    len(found.unpublished),
                )
        self.partitions = taken
        self._backlog = backlog
        self._group = intake.group
        self._epoch = epoch
        if backlog:
            asyncio.run_coroutine_threadsafe(self.kick(), self._loop)
        return {number: tuple(part.next) for number, part in self.partitions.items()}

    async def quiesce(self) -> None:
        """Finish what is under way, journalled and published; batches that wait in the channel are dropped from here on."""
        async with self._posting:
            await self._underway.idle()
            self._epoch = -1

    # -- poster ---------------------------------------------------------------------------------------------------

    async def post(self, batch: Batch) -> None:
        """Fold one batch and journal it. A batch of an earlier assignment is dropped; a gap ends the process."""
        async with self._posting:
            await self._publish_backlog()
            part = self.partitions.get(batch.partition)
            if batch.epoch != self._epoch or part is None:
                return
            self._must_continue(part, batch)
            if mutant(self.settings, "commit-first"):
                await self._commit_first(part, batch)
            await self._fold(part, batch)

    def _must_continue(self, part: PartitionLog, batch: Batch) -> None:
        for source, position in batch.continues.items():
            if (
                position != part.next[source]
                and not mutant(self.settings, "no-continuity-check")
                and not mutant(self.settings, "flow-queue")
            ):
                self._fail(f"partition {part.number}: {self.machine.sources[source]} goes on at {position}, expected {part.next[source]}")

    async def _fold(self, part: PartitionLog, batch: Batch) -> None:
        machine, state, positions = self.machine, part.state, part.next
        entries: list[Any] = []
        encoded: list[bytes] = []
        room = self.settings.record_bytes_max
        letter_acks: list[asyncio.Future[int]] = []
        guard = not mutant(self.settings, "no-position-guard")
        for source, message in batch.messages:
            offset: int = message.offset()  # type: ignore[assignment]
            if offset < positions[source] and guard:
                continue
            part.events += 1
            event = machine.decode(state, source, message)
            position = Position(source, offset, message.timestamp()[1])
            done = 0
            if type(event) is Bad:
                letter_acks.append(self._letter(part, message, source, event))
                made: Any = (machine.dead(position, event),)
            else:
                if source == machine.spreads:
                    done, part.done = part.done, 0
                made = machine.apply(state, event, position, done)
                if type(made) is Bad:
                    letter_acks.append(self._letter(part, message, source, made))
                    made = (machine.dead(position, made),)
            for entry in made:
                raw = machine.encode(entry)
                if room < len(raw) and entries:
                    # positions stop in front of this event; what is journalled of it is told by its own effects
                    positions[source] = max(positions[source], offset)
                    await self._append(part, entries, encoded, letter_acks, done or part.done, whole=False)
                    entries, encoded, letter_acks, room = [], [], [], self.settings.record_bytes_max
                entries.append(entry)
                encoded.append(raw)
                room -= len(raw) + 1
                done += machine.effects(entry)
            positions[source] = offset + 1
        self.posted += len(batch.messages)
        if entries:
            await self._append(part, entries, encoded, letter_acks, part.done)

    async def _append(
        self,
        part: PartitionLog,
        entries: list[Any],
        encoded: list[bytes],
        letter_acks: "list[asyncio.Future[int]]",
        done: int,
        *,
        whole: bool = True,
    ) -> None:
        """Make one record of these entries and produce it; dead letters first.

        `whole` says that the state is what the record says. In the middle of a batch it is ahead: the event that found no room has
        changed it already, and a checkpoint would have that event's effects twice once its own record is replayed.
        """
        assert self._appender is not None
        if letter_acks:
            await asyncio.gather(*letter_acks)
        self._hit("before-journal")
        offset = part.journal_end
        record = part.seal(entries, encoded, self._outside.now_ms(), done)
        part.entries_since_mark += len(entries)
        part.dirty.update(map(self.machine.account, entries))
        if mutant(self.settings, "publish-first"):
            # the outputs go out first and the journal follows: what an early version did
            acked: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            acked.set_result(offset)
            await self._to_relay(part, record, offset, acked, whole=whole)
            await self._underway.idle()
            await asyncio.sleep(0.5)
            await self._appender.append(self.machine.journal, part.number, record.value)
            return
        acked = self._appender.append(self.machine.journal, part.number, record.value)
        await self._to_relay(part, record, offset, acked, whole=whole)

    async def _to_relay(self, part: PartitionLog, record: Any, offset: int, acked: "asyncio.Future[int]", *, whole: bool) -> None:
        await self._enqueue(
            Journalled(
                self._epoch,
                part.number,
                offset,
                acked,
                part.sources,
                record.entries,
                part.link,
                record.next,
                record.done,
                self._checkpoint(part) if whole else None,
            )
        )

    async def _enqueue(self, item: Journalled) -> None:
        self._underway.enter(len(item.entries))
        await self._relay.put(item)
        await self._underway.room()

    def _checkpoint(self, part: PartitionLog) -> Any:
        """The values to write as checkpoints behind this record, when it is time."""
        age_s = self._monotonic_s() - part.marked_at
        if part.entries_since_mark < MARK_ENTRIES and age_s * 1000 < self.settings.checkpoint_interval_ms:
            return None
        values = self.machine.snapshot(part.state, part.dirty)
        part.dirty = set()
        part.entries_since_mark = 0
        part.marked_at = self._monotonic_s()
        return values

    def _letter(self, part: PartitionLog, message: Message, source: int, bad: Bad) -> "asyncio.Future[int]":
        assert self._appender is not None
        if part.count_letter() > self.settings.dead_letter_limit:
            self._fail(
                f"partition {part.number}: more than {self.settings.dead_letter_limit} dead letters, last {bad.code}: this is bad code"
            )
        made = letters.sealed(letters.letter(message, self.machine.sources[source], bad), self.machine.seal)
        return self._appender.append(self.machine.letters, part.number, made.value, made.key, made.headers)

    async def _publish_backlog(self) -> None:
        """Publish what the journal held beyond the relay's position when the partitions were taken over."""
        backlog, self._backlog = self._backlog, []
        for item in backlog:
            await self._enqueue(item)

    async def kick(self) -> None:
        """Publish the backlog even when no batch comes."""
        if self._backlog:
            async with self._posting:
                await self._publish_backlog()

    async def _commit_first(self, part: PartitionLog, batch: Batch) -> None:
        """The mutant that trusts committed input offsets: it moves its positions before the journal has the effects."""
        for source, message in batch.messages:
            part.next[source] = max(part.next[source], (message.offset() or 0) + 1)

    def send_tick(self, number: int, topic: str, key: bytes, value: bytes) -> None:
        """Write one tick; a tick that gets lost is made good by the next."""
        assert self._appender is not None
        self._appender.append(topic, number, value, key).add_done_callback(_tick_sent)

    # -- relay ----------------------------------------------------------------------------------------------------

    async def relay(self, item: Journalled) -> None:
        """Wait for the broker's word on a record, then publish it. A record at another offset means that we are a zombie."""
        assert self._publisher is not None
        if item.acked is not None:
            offset = await item.acked
            if offset != item.offset and not mutant(self.settings, "no-offset-check"):
                self._fail(f"partition {item.partition}: journal record at offset {offset}, expected {item.offset}: another worker owns it")
            self._hit("after-journal")
        self._publisher.add(item)
        for _ in self._publisher.checkpoints(item):
            await asyncio.sleep(0)
        if self._underway.records == 1 and (rest_s := self._publisher.rest_s):
            await self._outside.sleep(rest_s)
        if self._underway.records == 1 or self._publisher.ripe:
            self._hit("before-publish")
            await asyncio.wait_for(asyncio.to_thread(self._publisher.commit, self._group), COMMIT_S_MAX)
            self._hit("after-publish")
        self._underway.leave(len(item.entries))


def _tick_sent(future: "asyncio.Future[int]") -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        log.warning("tick not written: %s", error)
