"""The journal's way into ClickHouse, in exact blocks.

A block is a run of whole journal records of one partition. Before it is offered, its end is written into the metadata of the committed
offset; then every table gets its share under a token that names the block; then the offset is committed behind it. Whoever goes on after a
crash reads the note, gathers the same block and offers it again: ClickHouse drops the shares that it has.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple
from uuid import uuid4

from prometheus_client import CollectorRegistry

from ach.rail import AchRail
from journal.chain import Accepted, Place, read_head
from journal.failpoint import hit, mutant
from journal.reader import ChainReader, Partitions
from journal.settings import Settings
from sinks.clickhouse import store
from sinks.clickhouse.database import Database
from sinks.clickhouse.faults import is_lost, is_transient
from sinks.clickhouse.lane import Lane, patience
from sinks.clickhouse.metrics import SinkMetrics
from sinks.clickhouse.migrate import recreate
from sinks.clickhouse.resume import SinkError, pending_note, resume
from sinks.clickhouse.rows import Rows

_log = logging.getLogger(__name__)

_READ_SECONDS = 0.1
_READ_RECORDS = 64
_POLL_MS_MAX = 300_000
"""Kafka takes the partitions away from a sink that has not asked for this long."""
_OFFER_SECONDS_MAX = 150.0
"""A block is not continued beyond this: with one more statement of the longest duration (`database`) it still ends before Kafka's limit."""
_RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_STUCK_SECONDS = 60.0


def group(settings: Settings) -> str:
    """The consumer group that feeds one database; its committed places carry the chain (`ChainReader.committed`)."""
    return f"hms-sink-clickhouse-{settings.clickhouse_database}"


class Health(NamedTuple):
    """Whether the sink does its work, and a sentence for the person who asks."""

    ok: bool
    text: str


class ClickHouseSink:
    """Stores the journal, in a thread of its own from `start` to `stop`.

    It stops by itself, with `error` set, on a break in the chain, tables that disagree with the committed offsets, and every error of
    ClickHouse that waiting would not mend. `business_date` gives the ISO banking day of an instant in epoch milliseconds.
    With `from_start` it empties the tables and stores the whole journal again; for that it must get every partition.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        business_date: Callable[[int], str] | None = None,
        registry: CollectorRegistry | None = None,
        *,
        from_start: bool = False,
    ) -> None:
        self.error: Exception | None = None
        self._settings = settings
        self._client = database.client()
        self._business_date = business_date or AchRail().business_date
        self._metrics = SinkMetrics(registry or CollectorRegistry())
        self._lanes: dict[int, Lane] = {}
        self._backlog: deque[Accepted] = deque()
        self._stored: dict[int, int] = {}
        self._reached: dict[int, int] = {}
        self._from_start = from_start
        self._failures = 0
        self._retry_s = 0.0
        self._trouble = ""
        self._block_s = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clickhouse-sink", daemon=True)

    def start(self) -> None:
        """Begin to store."""
        self._thread.start()

    def stop(self, timeout_s: float = 30.0) -> None:
        """Store what is gathered, commit, and end. Raises TimeoutError when that takes longer: the rest is stored after a start."""
        self._stopping.set()
        if self._thread.ident is None:
            return
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            raise TimeoutError(f"the ClickHouse sink did not end within {timeout_s:.0f} s")

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the sink has ended; whether it has."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def healthy(self) -> Health:
        """Whether it runs and moves on. Not healthy: it has stopped, a block can't be stored, or records have waited a minute."""
        if self.error is not None:
            return Health(False, f"the sink has stopped: {self.error}")
        if not self._thread.is_alive():
            return Health(False, "the sink is not running")
        if self._failures:
            return Health(False, f"a block could not be stored {self._failures} times: {self._trouble}; trying again")
        waiting_s = self._waiting_s()
        if waiting_s > _STUCK_SECONDS:
            return Health(False, f"records have waited {waiting_s:.0f} s to be stored")
        return Health(True, "storing")

    def stored(self) -> Mapping[int, int]:
        """The last journal record that is stored and committed, by partition, of the partitions this sink has now."""
        return dict(self._stored)

    def reached(self) -> Mapping[int, int]:
        """The journal offset before which everything is stored, by partition."""
        return dict(self._reached)

    def _waiting_s(self) -> float:
        """How long the oldest record that is gathered has waited."""
        opened = [lane.opened_s for lane in list(self._lanes.values()) if lane.records]
        return time.monotonic() - min(opened) if opened else 0.0

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._consume_once()
        except Exception as error:  # noqa: BLE001 - the thread's end: kept, shown by `healthy`, and logged with its trace
            self.error = error
            _log.critical("the ClickHouse sink stops: %s", error, exc_info=error)

    def _consume_once(self) -> None:
        """Be a member of the group until told to stop, or until membership or connection are lost."""
        try:
            self._consume()
        except Exception as error:
            if is_lost(error):
                _log.info("the group shares the journal's partitions anew: %s", error)
            elif is_transient(error):
                _log.warning("the ClickHouse sink begins again: %s", error)
                self._stopping.wait(1.0)
            else:
                raise

    def _consume(self) -> None:
        name = f"{group(self._settings)}-{self._settings.worker_host}-{self._settings.worker_index}"
        options: dict[str, str | int | float | bool] = {
            "group.instance.id": name,
            "max.poll.interval.ms": _POLL_MS_MAX,
            "queued.max.messages.kbytes": 16_384,
        }
        self._revoked(list(self._lanes))
        with ChainReader(self._settings, group(self._settings), **options) as reader:
            reader.join(lambda partitions: self._assigned(reader, partitions), self._revoked)
            while not self._stopping.is_set():
                self._backlog.extend(reader.read(_READ_SECONDS, _READ_RECORDS))
                if time.monotonic() >= self._retry_s:
                    self._work(reader)
                self._measure(reader)
            self._drain(reader)

    def _assigned(self, reader: ChainReader, partitions: Partitions) -> dict[int, Place]:
        if self._from_start:
            self._begin_anew(reader, partitions)
        committed, have = reader.committed(partitions), store.stored(self._client, partitions)
        for p in partitions:
            held = have.get(p)
            rows = 0 if committed[p] else store.rows_from(self._client, p, held.sequence + 1 if held else 0)
            place, last = resume(p, committed[p], held, rows)
            self._lanes[p] = Lane(p, place, last)
            self._stored[p] = place.link.sequence - 1
        return {p: self._lanes[p].start for p in partitions}

    def _begin_anew(self, reader: ChainReader, partitions: Partitions) -> None:
        if len(partitions) != self._settings.partitions:
            raise SinkError(f"Another sink has some of the journal's {self._settings.partitions} partitions; stop it, then rebuild.")
        for p in partitions:
            reader.commit(p, Place())
        recreate(self._client)
        self._from_start = False

    def _revoked(self, partitions: Partitions) -> None:
        """What is gathered is let go: nothing of it was offered, or the next owner will offer it again."""
        for p in partitions:
            self._lanes.pop(p, None)
            self._stored.pop(p, None)
            self._reached.pop(p, None)
        self._backlog.clear()
        self._failures, self._retry_s = 0, 0.0

    def _work(self, reader: ChainReader) -> None:
        """Gather what was read and store what is due. Stops at the first block that can't be stored now."""
        if not self._offer_where(reader, Lane.is_full):
            return
        while self._backlog:
            accepted = self._backlog.popleft()
            lane = self._lanes[accepted.partition]
            lane.add(accepted, time.monotonic())
            if lane.is_full() and not self._offer(reader, lane):
                return
        patience_s = patience(self._block_s, len(self._lanes))
        self._offer_where(reader, lambda lane: lane.is_due(time.monotonic(), patience_s))

    def _drain(self, reader: ChainReader) -> None:
        """Store what is left in an orderly stop, unless there is trouble."""
        self._work(reader)
        if not self._failures:
            self._offer_where(reader, lambda lane: bool(lane.records) and lane.last is None)

    def _offer_where(self, reader: ChainReader, wanted: Callable[[Lane], bool]) -> bool:
        """Store the blocks of these lanes, one after the other; whether all of them could be stored."""
        return all(self._offer(reader, lane) for lane in list(self._lanes.values()) if wanted(lane))

    def _offer(self, reader: ChainReader, lane: Lane) -> bool:
        """Store one block, or find that ClickHouse cannot take it now and pause."""
        began_s = time.monotonic()
        try:
            self._store(reader, lane, began_s)
        except Exception as error:
            if not is_transient(error):
                raise
            self._back_off(reader, lane, error)
            return False
        if self._failures:
            self._failures = 0
            reader.resume(self._lanes)
        took_s = time.monotonic() - began_s
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
        hit(self._settings, "sink-after-intent")
        if mutant(self._settings, "sink-commit-first"):
            reader.commit(lane.partition, last.place)
        hit(self._settings, "sink-before-insert")
        for part in rows.inserts():
            if time.monotonic() - began_s > _OFFER_SECONDS_MAX:
                raise TimeoutError(f"{token} took longer than {_OFFER_SECONDS_MAX:.0f} s")
            store.insert(self._client, part, token)
            self._metrics.rows.labels(part.table).inc(part.rows)
            hit(self._settings, "sink-between-tables")
        hit(self._settings, "sink-after-insert")
        hit(self._settings, "sink-before-commit")
        reader.commit(lane.partition, last.place)
        self._lanes[lane.partition] = lane.next()
        self._stored[lane.partition] = last.sequence
        self._metrics.blocks.inc()
        head = read_head(last.value)
        assert head is not None
        self._metrics.stored_at.set(head.at_ms / 1000)
        _log.debug("stored %s, %d rows", token, rows.count)

    def _back_off(self, reader: ChainReader, lane: Lane, error: Exception) -> None:
        """Fetch nothing more, stay in the group, and offer the same block again later."""
        lane.last = lane.records[-1].sequence
        wait_s = _RETRY_SECONDS[min(self._failures, len(_RETRY_SECONDS) - 1)]
        self._failures += 1
        self._trouble = str(error)
        self._retry_s = time.monotonic() + wait_s
        reader.pause(self._lanes)
        self._metrics.retries.inc()
        _log.warning("%s could not be stored, trying again in %.1f s: %s", lane.token(), wait_s, error)

    def _measure(self, reader: ChainReader) -> None:
        if not self._backlog:
            self._reached = {p: lane.start.offset if lane.records else reader.places[p].offset for p, lane in self._lanes.items()}
        for p, end in reader.known_ends().items():
            self._metrics.lag.labels(str(p)).set(max(end - self._reached.get(p, 0), 0))
        self._metrics.age.set(self._waiting_s())
        self._metrics.skipped.set(sum(reader.skipped.values()))
