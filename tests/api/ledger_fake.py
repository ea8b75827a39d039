"""A ledger in memory for tests of the HTTP layer: the real book decides and real journal records come back, without Kafka or ClickHouse."""

import asyncio
import itertools
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from ach.rail import AchRail
from api.answers import POSITION
from api.app import create_app
from api.asking import Asker
from api.auth.identity import Identity
from api.backtests import Backtests
from api.bookshelf import Bookshelf
from api.cursor import CursorKey
from api.decisions import Decisions
from api.deliveries import Asks, Deliveries
from api.desk import Desk
from api.evidence import Evidence
from api.export import Exporter
from api.health import Check, Health
from api.history import History
from api.initiate import Initiator
from api.kpis import KpiReader
from api.lists import Lists
from api.lookup import AccountLookup
from api.metrics import Metrics
from api.models.deliveries import ReplayAsked
from api.personal import Personal
from api.publisher import Placed, Publisher, Unacknowledged
from api.pulse import Pulse
from api.recent import Recent
from api.rule_actions import RuleActions
from api.services import Services
from api.store import Store
from api.subjects import Subjects
from journal import topics
from journal.announce import Answer
from journal.chain import Accepted, Place
from journal.keys.house import House, made
from journal.keys.masters import HeldMasters
from ledger.book import Book, Position
from ledger.effects import DeadLettered, Refused
from ledger.events import AccountEvent, Tick
from ledger.record import VERSION, Entry, Link, Record, encode
from ledger.wire import Unreadable, decode_account, decode_clock
from rules.compile import compile_or_reason
from rules.default import default_book_text
from tests.journal.keys.memory import FIRST, Topic, sealer

_decode_record = msgspec.json.Decoder(Record[Entry]).decode
SMALL_BACKTEST = (sys.executable, str(Path(__file__).with_name("small_backtest.py")))
EVIDENCE_KEY = Ed25519PrivateKey.from_private_bytes(b"e" * 32)
NOW_MS = 1_772_460_000_000
"""Monday 2026-03-02, 9 a.m. in New York"""


class MemoryLedger(Publisher):
    """A publisher whose events are decided at once by the real book, and journalled into `recent` and `decisions`."""

    def __init__(self, recent: Recent, decisions: Decisions) -> None:
        self.recent = recent
        self.decisions = decisions
        self.rail = AchRail()
        self.book = Book(self.rail, compile_or_reason, default_book_text())
        self.place = Place()
        self.published: list[bytes] = []
        self.records: list[bytes] = []
        self.now_ms = NOW_MS
        self.acknowledges = True
        self.decides = True
        self.breaks = False
        self._offsets = itertools.count()

    def pick(self, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        """The journal's bytes at these offsets, as Kafka would give them."""
        return {place: self.records[place[1]] for place in places}

    async def publish(self, topic: str, key: str, value: bytes, attributes: dict[str, str]) -> Placed:
        """Append, decide, journal."""
        if not self.acknowledges:
            raise Unacknowledged("the broker is away")
        self.published.append(value)
        offset = next(self._offsets)
        event = decode_account(value)
        assert not isinstance(event, Unreadable), event
        if self.decides:
            asyncio.get_running_loop().call_soon(self.decide, event, topic, offset)
        return Placed(topic, 0, offset)

    def close(self) -> None:
        """Nothing is open."""

    async def announce(self, kind: str, data: Mapping[str, Any]) -> Sequence[Answer]:
        """Decided by the one partition there is."""
        envelope = {"specversion": "1.0", "id": "announced", "source": "/test", "type": kind, "time": "2026-03-02T14:00:00Z"}
        event = decode_clock(encode({**envelope, "data": data}))
        assert not isinstance(event, Unreadable | Tick), event
        entry = self.book.govern(event, Position(3, next(self._offsets), self.now_ms))
        self.journal((entry,))
        first = entry.effects[0]
        if isinstance(first, Refused):
            return (Answer(0, "refused", first.reason, first.detail),)
        return (Answer(0, "done"),)

    def decide(self, event: AccountEvent, topic: str = topics.PAYMENTS, offset: int | None = None) -> None:
        """One event, one record."""
        position = Position(topics.INPUTS.index(topic), next(self._offsets) if offset is None else offset, self.now_ms)
        entry = self.book.apply(event, position)
        if self.breaks:
            entry = Entry(position.source, position.offset, "", "", self.now_ms, "", (DeadLettered("HANDLER_ERROR"),))
        self.journal((entry,))

    def journal(self, entries: Sequence[Entry]) -> Accepted:
        """Append a record."""
        link = self.place.link
        value = encode(Record(VERSION, 0, link.sequence, link.previous, self.now_ms, topics.INPUTS, (0, 0, 0, 0), 0, tuple(entries)))
        self.records.append(value)
        self.place = Place(self.place.offset + 1, Link(link.sequence, link.previous).after(value))
        accepted = Accepted(0, self.place.offset - 1, value, self.place)
        self.recent.add(accepted)
        self.decisions.take(accepted)
        return accepted

    async def record(self, _partition: int, offset: int) -> Record[Entry]:
        """A record of the journal."""
        return _decode_record(self.records[offset])


class EmptyStore(Store):
    """ClickHouse before the sink has stored anything but what a test says: rows by a part of the question."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1)
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.stored: dict[str, list[tuple[Any, ...]]] = {}
        self.fails: Callable[[], Exception] | None = None
        self.hashes: list[str] = []

    def _named(self, sql: str, parameters: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        self._rows(sql, parameters)
        return []

    def _rows(self, sql: str, parameters: Mapping[str, Any] | None) -> Sequence[Sequence[Any]]:
        if self.fails is not None:
            raise self.fails()
        if sql == POSITION:
            return [(0,)]
        if sql.startswith("SELECT sequence, any(hash)"):
            return [row for row in enumerate(self.hashes) if parameters and parameters["first"] <= row[0] <= parameters["last"]]
        self.asked.append((sql, parameters or {}))
        for part, rows in self.stored.items():
            if part in sql:
                return rows
        return [(0, 0)] if sql.startswith("SELECT count(), sum(") else []


class FixedHealth(Health):
    """Health as the test says."""

    def __init__(self) -> None:
        self.found = {"kafka": Check(True, "answers"), "clickhouse": Check(True, "answers")}

    def checks(self) -> Mapping[str, Check]:
        return self.found


class World:
    """An application on a ledger in memory."""

    def __init__(self, wait_s: float = 0.5, identity: Identity | None = None) -> None:
        self.recent = Recent()
        self.decisions = Decisions()
        self.ledger = MemoryLedger(self.recent, self.decisions)
        self.store = EmptyStore()
        self.health = FixedHealth()
        metrics = Metrics()
        cursors = CursorKey(b"k" * 32)
        history = History(self.store, self.recent, self.ledger.rail.business_date)
        lookup = AccountLookup(history.accounts_of)
        self.topic = Topic()
        masters = HeldMasters({"m1": FIRST})
        self.house = House(dict([made(masters)]))
        self.personal = Personal(sealer(self.topic), lambda: self.house, masters)
        initiator = Initiator(self.ledger, self.decisions, lookup, history, metrics, wait_s, lambda: self.ledger.now_ms, self.personal)
        lists = Lists(self.store, cursors, 4, "default@1")
        self.services = Services(
            initiator,
            history,
            Exporter(self.store),
            lists,
            cursors,
            self.health,
            metrics,
            lambda: self.ledger.now_ms,
            KpiReader(self.store, lambda: self.ledger.now_ms),
            Pulse(self.store),
            self.store,
        )
        self.app: FastAPI = create_app(metrics, hosts={"testserver"}, identity=identity)
        self.app.state.services = self.services
        self.replays: list[tuple[ReplayAsked, str]] = []
        self.app.state.deliveries = Deliveries(lists, Asks(self._replay, lambda requested_by: f"enabled by {requested_by}"))
        asker = Asker(self.ledger, self.decisions, wait_s, lambda: self.ledger.now_ms)
        self.app.state.subjects = Subjects(self.store, history, asker, self.personal, self.ledger.record)
        bookshelf = Bookshelf(self.store, ("default@1", default_book_text()), 1)
        self.app.state.evidence = Evidence(
            history, self.store, self.ledger.pick, EVIDENCE_KEY, self.ledger.rail.business_date, lambda: self.ledger.now_ms
        )
        self.app.state.desk = Desk(self.ledger, self.decisions, wait_s, lambda: self.ledger.now_ms)
        self.app.state.rule_actions = RuleActions(self.ledger.announce, bookshelf, Backtests(SMALL_BACKTEST))

    def _replay(self, asked: ReplayAsked, by: str) -> str:
        self.replays.append((asked, by))
        return f"replay-{len(self.replays)}"
