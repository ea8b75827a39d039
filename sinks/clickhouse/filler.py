"""The filler: accepted records into blocks, blocks into tables, in exact steps. It knows neither thread nor connection nor clock; those
are the sink's.

A block is a run of whole journal records of one partition. Before it is offered, its end is written into the metadata of the committed
offset; then every table gets its share under a token that names the block; then the offset is committed behind it. Whoever goes on after a
crash reads the note, gathers the same block and offers it again: ClickHouse drops the shares that it has.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol
from uuid import uuid4

from journal import failpoint
from journal.chain import Accepted, Place, read_head
from journal.failpoint import mutant
from journal.reader import ChainReader, Partitions
from journal.settings import Settings
from sinks.clickhouse.faults import is_transient
from sinks.clickhouse.lane import Lane, patience
from sinks.clickhouse.metrics import SinkMetrics
from sinks.clickhouse.resume import Stored, pending_note, resume
from sinks.clickhouse.rows import Insert, Rows

OFFER_SECONDS_MAX = 150.0
"""A block is not continued beyond this: with one more statement of the longest duration (`database`) it still ends before Kafka's limit."""
_RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_log = logging.getLogger(__name__)


class Filled(Protocol):
    """The tables (`store.Tables`)."""

    def insert(self, part: Insert, token: str) -> None:
        """Insert one table's share of a block; nothing happens when the table got one under this token before."""

    def stored(self, partitions: Iterable[int]) -> dict[int, Stored]:
        """What the tables hold of these partitions' journal."""

    def rows_from(self, partition: int, sequence: int) -> int:
        """How many rows are of this partition's record `sequence` or later ones."""


class Filler:
    """Lanes of the partitions that this sink has now, and what is known of its success."""

    def __init__(
        self,
        settings: Settings,
        tables: Filled,
        business_date: Callable[[int], str],
        metrics: SinkMetrics,
        hit: Callable[[Settings, str], None] = failpoint.hit,
        monotonic_s: Callable[[], float] = time.monotonic,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._settings = settings
        self._tables = tables
        self._business_date = business_date
        self._metrics = metrics
        self._hit = hit
        self._monotonic_s = monotonic_s
        self._now_ms = now_ms
        self._age_s = 0.0
        self._lanes: dict[int, Lane] = {}
        self._backlog: deque[Accepted] = deque()
        self._backlog_bytes = 0
        self._retry_s = 0.0
        self._block_s = 0.0
        self.stored: dict[int, int] = {}
        """the last record that is stored and committed, by partition"""
        self.failures = 0
        """how often in a row a block could not be stored"""
        self.trouble = ""
        """why"""

    def assigned(self, reader: ChainReader, partitions: Partitions) -> dict[int, Place]:
        """Where to read on. Raises SinkError when the tables disagree with the committed places."""
        committed, have = reader.committed(partitions), self._tables.stored(partitions)
        for p in partitions:
            held = have.get(p)
            rows = 0 if committed[p] else self._tables.rows_from(p, held.sequence + 1 if held else 0)
            place, last = resume(p, committed[p], held, rows)
            self._lanes[p] = Lane(p, place, last)
            self.stored[p] = place.link.sequence - 1
        return {p: self._lanes[p].start for p in partitions}

    def revoked(self, partitions: Partitions) -> None:
        """What is gathered is let go: nothing of it was offered, or the next owner will offer it again."""
        for p in partitions:
            self._lanes.pop(p, None)
            self.stored.pop(p, None)
        self._backlog.clear()
        self._backlog_bytes = 0
        self.failures, self._retry_s = 0, 0.0

    def revoke_all(self) -> None:
        """The same for everything."""
        self.revoked(list(self._lanes))

    def gather(self, accepted: Iterable[Accepted]) -> int:
        """Take in what was read; the bytes that wait to join their blocks."""
        for each in accepted:
            self._backlog.append(each)
            self._backlog_bytes += len(each.value)
        return self._backlog_bytes

    def work(self, reader: ChainReader) -> bool:
        """Make blocks of what was gathered and store the one that has been due for longest; whether another is due.

        One at a time, so that the caller reads on between them: what comes meanwhile joins the blocks that wait for their turn. Nothing
        is stored before the end of a pause.
        """
        return self._monotonic_s() >= self._retry_s and self._work(reader)

    def drain(self, reader: ChainReader) -> None:
        """Store what is left in an orderly stop, unless there is trouble."""
        while self._work(reader):
            pass
        if not self.failures:
            self._offer_where(reader, lambda lane: bool(lane.records) and lane.last is None)

    def waiting_s(self) -> float:
        """How long the oldest record that is gathered has waited."""
        opened = [lane.opened_s for lane in list(self._lanes.values()) if lane.records]
        return self._monotonic_s() - min(opened) if opened else 0.0

    def reached(self, places: Mapping[int, Place]) -> dict[int, int] | None:
        """The journal offset before which everything is stored, for a reader at these places; None while records wait to be gathered."""
        if self._backlog:
            return None
        return {p: lane.start.offset if lane.records else places[p].offset for p, lane in self._lanes.items()}

    def _work(self, reader: ChainReader) -> bool:
        """Gather what was read, store what is full and one of those that are due. Stops at the first block that can't be stored now."""
        if not self._offer_where(reader, Lane.is_full):
            return False
        if self._backlog:
            self._age_s = (self._now_ms() - _sealed_ms(self._backlog[-1])) / 1000
        while self._backlog:
            accepted = self._backlog.popleft()
            self._backlog_bytes -= len(accepted.value)
            lane = self._lanes[accepted.partition]
            lane.add(accepted, self._monotonic_s())
            if lane.is_full() and not self._offer(reader, lane):
                return False
        now_s, patience_s = self._monotonic_s(), patience(self._block_s, len(self._lanes), self._age_s)
        due = [lane for lane in self._lanes.values() if lane.is_due(now_s, patience_s)]
        return bool(due) and self._offer(reader, min(due, key=lambda lane: lane.opened_s)) and len(due) > 1

    def _offer_where(self, reader: ChainReader, wanted: Callable[[Lane], bool]) -> bool:
        """Store the blocks of these lanes, one after the other; whether all of them could be stored."""
        return all(self._offer(reader, lane) for lane in list(self._lanes.values()) if wanted(lane))

    def _offer(self, reader: ChainReader, lane: Lane) -> bool:
        """Store one block, or find that ClickHouse cannot take it now and pause."""
        began_s = self._monotonic_s()
        try:
            self._store(reader, lane, began_s)
        except Exception as error:
            if not is_transient(error):
                raise
            self._back_off(reader, lane, error)
            return False
        if self.failures:
            self.failures = 0
            reader.resume(self._lanes)
        took_s = self._monotonic_s() - began_s
        self._block_s += (took_s - self._block_s) / 8
        self._metrics.block_seconds.observe(took_s)
        return True

    def _store(self, reader: ChainReader, lane: Lane, began_s: float) -> None:
        last = lane.records[-1]
        token = f"random:{uuid4()}" if mutant(self._settings, "sink-random-token") else lane.token()
        rows = Rows(lane.partition, self._business_date)
        for accepted in lane.records:
            rows.add(accepted)
        reader.commit(lane.partition, lane.start, pending_note(last.sequence))
        self._hit(self._settings, "sink-after-intent")
        if mutant(self._settings, "sink-commit-first"):
            reader.commit(lane.partition, last.place)
        self._hit(self._settings, "sink-before-insert")
        for part in rows.inserts():
            if self._monotonic_s() - began_s > OFFER_SECONDS_MAX:
                raise TimeoutError(f"{token} took longer than {OFFER_SECONDS_MAX:.0f} s")
            self._tables.insert(part, token)
            self._metrics.rows.labels(part.table).inc(part.rows)
            self._hit(self._settings, "sink-between-tables")
        self._metrics.visible.add(rows.events_ms, self._now_ms())
        self._hit(self._settings, "sink-after-insert")
        self._hit(self._settings, "sink-before-commit")
        reader.commit(lane.partition, last.place)
        self._lanes[lane.partition] = lane.next()
        self.stored[lane.partition] = last.sequence
        self._metrics.blocks.inc()
        self._metrics.stored_at.set(_sealed_ms(last) / 1000)
        _log.debug("stored %s, %d rows", token, rows.count)

    def _back_off(self, reader: ChainReader, lane: Lane, error: Exception) -> None:
        """Fetch nothing more, stay in the group, and offer the same block again later."""
        lane.last = lane.records[-1].sequence
        wait_s = _RETRY_SECONDS[min(self.failures, len(_RETRY_SECONDS) - 1)]
        self.failures += 1
        self.trouble = str(error)
        self._retry_s = self._monotonic_s() + wait_s
        reader.pause(self._lanes)
        self._metrics.retries.inc()
        _log.warning("%s could not be stored, trying again in %.1f s: %s", lane.token(), wait_s, error)


def _sealed_ms(accepted: Accepted) -> int:
    """When a record was sealed."""
    head = read_head(accepted.value)
    assert head is not None
    return head.at_ms
