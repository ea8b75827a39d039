"""The journal's way into ClickHouse: a thread that is a member of the group and hands what it reads to the filler (`filler`)."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import NamedTuple

from prometheus_client import CollectorRegistry

from ach.rail import AchRail
from journal.chain import Place
from journal.reader import ChainReader, Partitions
from journal.settings import Settings
from sinks.clickhouse.database import Database
from sinks.clickhouse.faults import is_lost, is_transient
from sinks.clickhouse.filler import Filler
from sinks.clickhouse.lane import BLOCK_BYTES
from sinks.clickhouse.metrics import SinkMetrics
from sinks.clickhouse.migrate import recreate
from sinks.clickhouse.resume import SinkError
from sinks.clickhouse.store import Tables

_log = logging.getLogger(__name__)

_READ_SECONDS = 0.1
_READ_RECORDS = 64
_POLL_MS_MAX = 300_000
"""Kafka takes the partitions away from a sink that has not asked for this long."""
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
        self._metrics = SinkMetrics(registry or CollectorRegistry())
        self._filler = Filler(settings, Tables(self._client), business_date or AchRail().business_date, self._metrics)
        self._reached: dict[int, int] = {}
        self._from_start = from_start
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
        if self._filler.failures:
            return Health(False, f"a block could not be stored {self._filler.failures} times: {self._filler.trouble}; trying again")
        waiting_s = self._filler.waiting_s()
        if waiting_s > _STUCK_SECONDS:
            return Health(False, f"records have waited {waiting_s:.0f} s to be stored")
        return Health(True, "storing")

    def stored(self) -> Mapping[int, int]:
        """The last journal record that is stored and committed, by partition, of the partitions this sink has now."""
        return dict(self._filler.stored)

    def reached(self) -> Mapping[int, int]:
        """The journal offset before which everything is stored, by partition."""
        return dict(self._reached)

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
            "fetch.queue.backoff.ms": 5,
            "fetch.min.bytes": 262_144,
            "fetch.wait.max.ms": 200,  # a block gathers for a second
        }
        self._reached = {}
        self._filler.revoke_all()
        with ChainReader(self._settings, group(self._settings), **options) as reader:
            reader.join(lambda partitions: self._assigned(reader, partitions), self._revoked)
            more = False
            while not self._stopping.is_set():
                self._gather(reader, 0.0 if more else _READ_SECONDS)
                more = self._filler.work(reader)
                self._measure(reader)
            self._filler.drain(reader)

    def _gather(self, reader: ChainReader, wait_s: float) -> None:
        """Read on as long as whole portions are there: more than one of them comes while blocks are stored."""
        while True:
            accepted = reader.read(wait_s, _READ_RECORDS)
            if self._filler.gather(accepted) >= BLOCK_BYTES or len(accepted) < _READ_RECORDS:
                return
            wait_s = 0.0

    def _assigned(self, reader: ChainReader, partitions: Partitions) -> dict[int, Place]:
        if self._from_start:
            self._begin_anew(reader, partitions)
        return self._filler.assigned(reader, partitions)

    def _begin_anew(self, reader: ChainReader, partitions: Partitions) -> None:
        if len(partitions) != self._settings.partitions:
            raise SinkError(f"Another sink has some of the journal's {self._settings.partitions} partitions; stop it, then rebuild.")
        for p in partitions:
            reader.commit(p, Place())
        recreate(self._client)
        self._from_start = False

    def _revoked(self, partitions: Partitions) -> None:
        for p in partitions:
            self._reached.pop(p, None)
        self._filler.revoked(partitions)

    def _measure(self, reader: ChainReader) -> None:
        reached = self._filler.reached(reader.places)
        self._reached = self._reached if reached is None else reached
        for p, end in reader.known_ends().items():
            self._metrics.lag.labels(str(p)).set(max(end - self._reached.get(p, 0), 0))
        self._metrics.age.set(self._filler.waiting_s())
        self._metrics.skipped.set(sum(reader.skipped.values()))
