"""Everything that a process of the API is made of, put together in one place, started and stopped in order."""

import asyncio
import logging
import time
from collections.abc import Mapping
from functools import partial

import msgspec

from ach.rail import AchRail
from api.asking import Asker
from api.backtests import Backtests
from api.bookshelf import Bookshelf
from api.cursor import CursorKey
from api.decisions import Decisions
from api.deliveries import Deliveries, through_kafka
from api.desk import Desk
from api.evidence import Evidence, signing_key
from api.export import Exporter
from api.feed import Feed
from api.health import Check, Health
from api.history import History
from api.initiate import Initiator
from api.kpis import KpiReader
from api.lists import Lists
from api.lookup import AccountLookup
from api.metrics import Metrics
from api.personal import Personal
from api.publisher import Publisher
from api.pulse import Pulse
from api.recent import Recent
from api.rule_actions import RuleActions, announcer
from api.services import Services
from api.store import Store
from api.subjects import Subjects
from journal.chain import Place
from journal.keys.house import LateHouse
from journal.keys.masters import masters_of
from journal.keys.sealer import Sealer
from journal.keys.store import KeyStore
from journal.pick import records_at
from journal.places import record_at
from journal.settings import Settings
from ledger.record import Entry, Link, Record
from rules.compile import compile_or_reason
from rules.default import default_book_text
from sinks.ach.config import Config
from sinks.clickhouse.attempts import AttemptsSink
from sinks.clickhouse.database import Database
from sinks.clickhouse.sink import ClickHouseSink
from sinks.clickhouse.store import stored

SINK_STOP_S = 5.0
_ASKED_S = 3.0
"""longer than for a payment: a person waits, and nobody repeats it by machine"""
_decode_record = msgspec.json.Decoder(Record[Entry]).decode
log = logging.getLogger(__name__)


class Assembly:
    """The parts of one process. `with_sink` puts the ClickHouse sink into it, as the embedded engine requires; `banks` are the banks and
    hospitals of the ACH rail, where this process knows them."""

    def __init__(self, settings: Settings, database: Database, *, with_sink: bool, banks: Config | None = None) -> None:
        self.banks = banks
        self._settings = settings
        self._client = database.client()
        self.metrics = Metrics()
        self._sink = ClickHouseSink(settings, database, registry=self.metrics.registry) if with_sink else None
        self._attempts = AttemptsSink(settings, database) if with_sink else None
        self._store = Store(database)
        recent, decisions, rail = Recent(), Decisions(), AchRail()
        self._feed = Feed(settings, decisions, recent, self._start_places, self.metrics)
        self._publisher = Publisher(settings)
        self._health = Health(settings, self._store, self._feed, recent, self.metrics, self._look_at_sink if with_sink else None)
        cursors = CursorKey.of_folder(settings.data_dir)
        history = History(self._store, recent, rail.business_date)
        self._keys = KeyStore.of(settings)
        personal = Personal(Sealer(self._keys), LateHouse(settings), masters_of(settings))
        initiator = Initiator(
            self._publisher,
            decisions,
            AccountLookup(history.accounts_of),
            history,
            self.metrics,
            settings.decision_wait_ms / 1000,
            _now_ms,
            personal,
        )
        lists = Lists(self._store, cursors, settings.partitions, _default_version())
        self.deliveries = Deliveries(lists, through_kafka(settings))
        self._backtests = Backtests()
        bookshelf = Bookshelf(self._store, (_default_version(), default_book_text()), settings.partitions)
        self.desk = Desk(self._publisher, decisions, settings.decision_wait_ms / 1000, _now_ms)
        self.rule_actions = RuleActions(announcer(settings), bookshelf, self._backtests)
        asker = Asker(self._publisher, decisions, settings.decision_wait_ms / 1000 + _ASKED_S, _now_ms)

        async def read_record(partition: int, offset: int) -> Record[Entry]:
            return _decode_record(await asyncio.to_thread(record_at, settings, partition, offset))

        self.subjects = Subjects(self._store, history, asker, personal, read_record)
        self.evidence = Evidence(
            history, self._store, partial(records_at, settings), signing_key(settings.data_dir), rail.business_date, _now_ms
        )
        self.services = Services(
            initiator,
            history,
            Exporter(self._store),
            lists,
            cursors,
            self._health,
            self.metrics,
            _now_ms,
            KpiReader(self._store, _now_ms),
            Pulse(self._store, proxies=settings.proxies()),
            self._store,
        )

    def start(self) -> None:
        """Start the threads: sink, feed, health."""
        if self._sink is not None:
            self._sink.start()
        if self._attempts is not None:
            self._attempts.start()
        self._feed.start()
        self._keys.follow()
        self._health.start()

    def stop(self) -> bool:
        """Stop them all; False when the sink is still in the middle of a block, so that the database must not be closed under it."""
        self._health.stop()
        self._feed.stop()
        self._backtests.close()
        self._publisher.close()
        self._keys.close()
        self._store.close()
        if self._sink is None or self._attempts is None:
            return True
        ended = self._attempts.stop(SINK_STOP_S)
        try:
            self._sink.stop(SINK_STOP_S)
        except TimeoutError as error:
            log.warning("%s; the block is stored again at the next start", error)
            return False
        return ended

    def _start_places(self) -> Mapping[int, Place]:
        """Where the feed begins: behind the last record that ClickHouse has, so that the two together miss nothing."""
        partitions = range(self._settings.partitions)
        have = stored(self._client, partitions)
        return {p: Place(have[p].offset + 1, Link(have[p].sequence + 1, have[p].hash)) if p in have else Place() for p in partitions}

    def _look_at_sink(self) -> Check:
        assert self._sink is not None
        if self._attempts is not None and self._attempts.error is not None:
            return Check(False, f"the delivery logs are no longer stored: {self._attempts.error}")
        return Check(*self._sink.healthy())


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _default_version() -> str:
    book = compile_or_reason(default_book_text())
    assert not isinstance(book, str), book
    return book.version
