"""One sink process: the product's filler and chain reader between the memory broker and the tables."""

from collections.abc import Callable
from functools import lru_cache
from random import Random
from typing import Any

from confluent_kafka import Consumer as KafkaConsumer
from prometheus_client import CollectorRegistry

from ach.rail import AchRail
from bench.sim.broker import Broker
from bench.sim.clients import Consumer
from bench.sim.clock import Clock
from bench.sim.death import DiedError
from bench.sim.tables import Tables
from journal.reader import ChainReader
from journal.settings import Settings
from sinks.clickhouse.faults import is_lost, is_transient
from sinks.clickhouse.filler import Filler
from sinks.clickhouse.metrics import SinkMetrics
from sinks.clickhouse.sink import group

FAILPOINTS = ("sink-after-intent", "sink-before-insert", "sink-between-tables", "sink-after-insert", "sink-before-commit")
_READ_RECORDS = 64
_METRICS = SinkMetrics(CollectorRegistry())
_business_date = lru_cache(256)(AchRail().business_date)


class MemoryChainReader(ChainReader):
    """The journal's reader on the memory broker."""

    def __init__(self, settings: Settings, name: str, connect: Callable[[str], Any]) -> None:
        self._make = connect
        super().__init__(settings, group(settings), **{"group.instance.id": name})

    def _connect(self, options: dict[str, str | int | float | bool]) -> KafkaConsumer:
        consumer: KafkaConsumer = self._make(str(options["group.instance.id"]))
        return consumer


class Sink:
    """A sink by its number; it lives more than once."""

    def __init__(self, settings: Settings, broker: Broker, tables: Tables, clock: Clock, rng: Random, index: int) -> None:
        self.name = self.instance = f"sink{index}"
        self.group = group(settings)
        self.busy = False
        self.alive = self.frozen = False
        self.failpoint = ""
        self._settings = settings
        self._broker = broker
        self._tables = tables
        self._clock = clock
        self._rng = rng

    def start(self) -> None:
        """A new life."""
        self.alive, self.frozen = True, False
        self._filler = Filler(
            self._settings, self._tables, _business_date, _METRICS, self._hit, self._clock.monotonic_s, self._clock.now_ms
        )
        self._join()

    def turn(self) -> int:
        """Read, gather, store what is due; how many records came. An error that waiting would not mend ends the process."""
        try:
            accepted = self._reader.read(0.1, _READ_RECORDS)
            self._filler.gather(accepted)
            self._filler.work(self._reader)
        except Exception as error:  # as the real thread: what waiting would not mend ends the process
            if not (is_lost(error) or is_transient(error)):
                raise DiedError(f"{type(error).__name__}: {error}") from error
            self._join()
            return 1
        return len(accepted)

    def _join(self) -> None:
        self._filler.revoke_all()
        self._reader = MemoryChainReader(self._settings, self.name, lambda name: Consumer(self._broker, self._rng, self.group, name))
        self._reader.join(lambda partitions: self._filler.assigned(self._reader, partitions), self._filler.revoked)

    def _hit(self, _settings: Settings, name: str) -> None:
        wanted, _, skip = self.failpoint.partition(":")
        if wanted == name:
            self.failpoint = f"{wanted}:{int(skip) - 1}" if int(skip) else ""
            if not self.failpoint:
                raise DiedError(name)
