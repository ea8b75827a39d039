"""A hospital group's months in memory: the simulated CREDIT, bank and reviewers, decided by the real books, chained into records."""

from collections.abc import Iterable
from typing import Any, Final

from ach.rail import AchRail
from journal import topics
from journal.chain import Accepted
from journal.partitioner import partition_of
from journal.settings import Settings
from ledger import effects as fx
from ledger.record import Entry
from ledger.wire import Unreadable, decode_account, decode_clock
from simulator import hours
from simulator.bank import Bank, Span
from simulator.message import Entry as BankEntry
from simulator.message import Message
from simulator.noise import USUAL
from simulator.planned import Diary
from simulator.reviewers import review
from simulator.schedule import credit, script
from simulator.statements import ticks
from simulator.world import World
from sinks.clickhouse.database import Database
from sinks.clickhouse.rows import Rows
from sinks.clickhouse.store import insert
from streams.engine.machine import Bad, Position
from streams.poster import Poster
from tests.sinks.records import Journal

PARTITIONS: Final = 4
_RECORD_SPAN_MS: Final = 1_500
_TICK_MS: Final = 6 * hours.HOUR_MS
_BLOCK_RECORDS: Final = 4_000


class Seeded:
    """The journal of a simulated history that ends at `now_ms`. Records come half a second after their last event."""

    def __init__(self, now_ms: int, accounts: int, days: int, seed: int = 7, partitions: int = PARTITIONS) -> None:
        self.now_ms = now_ms
        self.partitions = partitions
        world = World(seed, accounts, Span(now_ms - days * hours.DAY_MS, now_ms))
        self.journals = [Journal(p) for p in range(partitions)]
        self._seed = seed
        self._bank = Bank(seed, world.span, script(world))
        self._diary = Diary()
        self._poster = Poster(Settings(partitions=partitions))
        self._books = [self._poster.open(p) for p in range(partitions)]
        self._offsets = [[0] * len(topics.INPUTS) for _ in range(partitions)]
        self._open: list[list[Entry]] = [[] for _ in range(partitions)]
        self._opened_ms = [0] * partitions
        self._last_ms = [0] * partitions
        self._live(world)

    @property
    def records(self) -> list[Accepted]:
        """Every record, partition by partition."""
        return [record for journal in self.journals for record in journal.records]

    def entries(self) -> Iterable[tuple[int, int, Entry]]:
        """(partition, when it was journalled, entry), partition by partition in order."""
        for accepted in self.records:
            record = accepted.record()
            for entry in record.entries:
                yield accepted.partition, record.at_ms, entry

    def take(self, message: Message) -> list[Accepted]:
        """Decide one message more, by the same books; the records that it brings."""
        partition = message.partition
        before = len(self.journals[partition].records)
        self._deliver(message)
        self._close(partition)
        return self.journals[partition].records[before:]

    def store(self, database: Database) -> None:
        """All of it into ClickHouse, as the sink stores it."""
        client, day = database.client(), AchRail().business_date
        for journal in self.journals:
            for start in range(0, len(journal.records), _BLOCK_RECORDS):
                rows = Rows(journal.partition, day)
                for accepted in journal.records[start : start + _BLOCK_RECORDS]:
                    rows.add(accepted)
                for part in rows.inserts():
                    insert(client, part, f"journal:{journal.partition}:{start}")

    def _live(self, world: World) -> None:
        next_tick = world.span.start_ms - world.span.start_ms % _TICK_MS + _TICK_MS
        asked = credit(world, self._bank, USUAL)
        message = next(asked)
        while True:
            planned = self._diary.next_ms()
            at_ms = min(message.at_ms, next_tick, planned if planned is not None else message.at_ms)
            if at_ms > self.now_ms:
                break
            if at_ms == next_tick:
                for tick in ticks(next_tick, self.partitions):
                    self._deliver(tick)
                next_tick += _TICK_MS
            elif planned is not None and planned == at_ms:
                self._deliver(self._diary.take())
            else:
                self._deliver(message)
                message = next(asked)
        for partition in range(self.partitions):
            self._close(partition)

    def _deliver(self, message: Message) -> None:
        key = message.key or b""
        partition = message.partition if message.partition >= 0 else partition_of(key, self.partitions)
        source = topics.INPUTS.index(message.topic)
        offset = self._offsets[partition][source]
        self._offsets[partition][source] += 1
        where = Position(source, offset, message.at_ms)
        if self._open[partition] and message.at_ms - self._opened_ms[partition] > _RECORD_SPAN_MS:
            self._close(partition)
        entries = list(self._decided(partition, message, where, key))
        if entries and not self._open[partition]:
            self._opened_ms[partition] = message.at_ms
        self._last_ms[partition] = message.at_ms
        self._open[partition] += entries
        for entry in entries:
            self._answer(entry)

    def _decided(self, partition: int, message: Message, where: Position, key: bytes) -> Iterable[Entry]:
        book = self._books[partition]
        clock = topics.INPUTS[where.source] == topics.CLOCK
        event: Any = decode_clock(message.value) if clock else decode_account(message.value)
        if isinstance(event, Unreadable):
            return (self._dead(where, event.code.value, event.detail),)
        if not clock and event.data.credit_reference.encode() != key:
            return (self._dead(where, "WRONG_KEY", "the key must be the credit reference of the data"),)
        entries = self._poster.apply(book, event, where, 0)
        assert not isinstance(entries, Bad), entries
        return entries

    def _dead(self, where: Position, code: str, detail: str) -> Entry:
        return Entry(where.source, where.offset, "", "", where.appended_ms, "", (fx.DeadLettered(code, detail),))

    def _answer(self, entry: Entry) -> None:
        """The bank hears of entries, reviewers of payments that are held."""
        for effect in entry.effects:
            if isinstance(effect, fx.EntryDue):
                due = BankEntry(
                    entry.account, effect.transaction_id, effect.attempt, effect.side, effect.amount_cents, effect.hospital_id, entry.at_ms
                )
                self._diary.plan(self._bank.answers(due), effect.transaction_id)
            elif isinstance(effect, fx.Decided) and effect.status == "held":
                told = review(self._seed, entry.account, effect.transaction_id, entry.at_ms, live=False)
                self._diary.plan([told], effect.transaction_id)
            elif isinstance(effect, fx.Moved) and effect.status == "canceled":
                self._diary.forget(effect.transaction_id)

    def _close(self, partition: int) -> None:
        if self._open[partition]:
            self.journals[partition].append(*self._open[partition], at_ms=self._last_ms[partition] + 500)
            self._open[partition] = []
