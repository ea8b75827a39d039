"""The poster: the engine's machine for the ledger. It decodes events, has the book decide them, and says what is published."""

import logging
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, get_args

import msgspec
from confluent_kafka import Message

from ach.rail import AchRail
from journal import topics
from journal.letter_box import Seal
from journal.partitioner import partition_of
from journal.settings import Settings
from ledger import events
from ledger.account import Account
from ledger.book import Book
from ledger.book import Position as BookPosition
from ledger.effects import DeadLettered
from ledger.governance import Governance
from ledger.ids import effect_id
from ledger.privacy import breach
from ledger.record import Entry, Record, encode
from ledger.wire import BadInput, Unreadable, decode_account, decode_clock
from rules.compile import compile_or_reason
from rules.default import default_book_text
from streams import hospital_events, public
from streams.engine.letters import headers_of
from streams.engine.machine import Bad, Output, Position

CLOCK_KEY = b"clock"
POLICY = "\x01policy"
"""Key under which what is in force is kept among the checkpoints; no account key begins with a control character."""
_CLOCK = topics.INPUTS.index(topics.CLOCK)
_ALLOWED: tuple[frozenset[type], ...] = (
    frozenset(
        {
            events.PaymentInitiated,
            events.PaymentCanceled,
            events.BalanceOpened,
            events.PlanOpened,
            events.ConsentChanged,
            events.MandateGranted,
            events.MandateRevoked,
        }
    ),
    frozenset(
        {
            events.PaymentSubmitted,
            events.PaymentSettled,
            events.PaymentReturned,
            events.PaymentFailed,
            *get_args(events.DepositEvent),
            *get_args(events.DisputeEvent),
        }
    ),
    frozenset({events.PaymentReviewed, events.WindowExceeded, *get_args(events.PeopleEvent), *get_args(events.SubjectEvent)}),
    frozenset({events.Tick, *get_args(events.GovernanceEvent)}),
)
LIVELY = 8_000
"""accounts kept as values by a worker with its share of the partitions; up to twice as many (see `ledger.accounts`), 2.5 kB each"""
_BOOKS_KEPT = 8
"""compiled rule books, which never change: every partition has the same ones"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
log = logging.getLogger(__name__)


class Poster:
    """`streams.engine.machine.Machine` for payments. A state is the `ledger.book.Book` of a partition.

    `seal` is for the content of dead letters; one that writes none goes without.
    """

    name = topics.POSTER
    sources: tuple[str, ...] = topics.INPUTS
    spreads = _CLOCK
    journal = topics.JOURNAL
    checkpoints = topics.ACCOUNTS
    letters = topics.DEAD_LETTERS

    def __init__(self, settings: Settings, seal: Seal | None = None) -> None:
        self._settings = settings
        self.seal = seal or _unsealed
        self._rail = AchRail()
        self._default_book = default_book_text()
        self._compile = lru_cache(_BOOKS_KEPT)(compile_or_reason)
        self._lively = max(LIVELY * settings.workers // settings.partitions, 1)
        self._watchers = hospital_events.watcher_keys(settings.partitions)
        self._decode_record = msgspec.json.Decoder(Record[Entry]).decode
        self._decode_governance = msgspec.json.Decoder(tuple[int, Governance | str]).decode

    def open(self, partition: int) -> Book:
        """An empty book with the default rule book in force."""
        book = Book(self._rail, self._compile, self._default_book, self._settings.future_skew_ms, _put_off, self._lively)
        book.number = partition
        return book

    def decode(self, state: Book, source: int, message: Message) -> events.Event | Bad:
        """The event, or the code and reason of its dead letter."""
        value, key = message.value(), message.key()
        raw = value.encode() if isinstance(value, str) else value
        if source == _CLOCK:
            tick = decode_clock(raw)
            return Bad(tick.code.value, tick.detail) if isinstance(tick, Unreadable) else tick
        event = decode_account(raw)
        if isinstance(event, Unreadable):
            event = decode_account(raw, headers_of(message))
            if isinstance(event, Unreadable):
                return Bad(event.code.value, event.detail)
        if type(event) not in _ALLOWED[source]:
            return Bad(BadInput.WRONG_TOPIC.value, "this type of event does not belong on this topic")
        if not key:
            return Bad(BadInput.MISSING_KEY.value, "the key must be the credit reference")
        reference = event.data.credit_reference
        if (key if isinstance(key, bytes) else key.encode()) != reference.encode():
            return Bad(BadInput.WRONG_KEY.value, "the key must be the credit reference of the data")
        if reference not in state.accounts and partition_of(reference.encode(), self._settings.partitions) != state.number:
            return Bad(BadInput.WRONG_PARTITION.value, "the producer must place keys by the murmur2 partitioner")
        bare = breach(event)
        return event if bare is None else Bad(bare.code.value, bare.detail)

    def apply(self, state: Book, event: Any, position: Position, done: int) -> Iterable[Entry] | Bad:
        """Entries of an event. An event that breaks the decision changes nothing and is dead-lettered; the stream goes on."""
        where = BookPosition(position.source, position.offset, position.appended_ms)
        if type(event) is events.Tick:
            return state.tick(event, where, done)
        try:
            return (state.govern(event, where) if position.source == _CLOCK else state.apply(event, where),)
        except Exception as error:  # noqa: BLE001 - the decision is pure: the book is as it was, the bytes go to the dead letters
            log.error("event %s at %s:%d cannot be decided\n%s", event.id, self.sources[position.source], position.offset, _where(error))
            return Bad("HANDLER_ERROR", f"the decision failed with {type(error).__name__}")

    def dead(self, position: Position, bad: Bad) -> Entry:
        """The journal's note of a dead letter."""
        return Entry(position.source, position.offset, "", "", position.appended_ms, "", (DeadLettered(bad.code, bad.detail),))

    def replay(self, state: Book, entry: Entry) -> None:
        """Evolve alone."""
        state.replay(entry)

    def effects(self, entry: Entry) -> int:
        """Number of effects."""
        return len(entry.effects)

    def account(self, entry: Entry) -> str:
        """The credit reference; what has none concerns the whole partition."""
        return entry.account or POLICY

    def encode(self, entry: Entry) -> bytes:
        """JSON of an entry."""
        return encode(entry)

    def decode_record(self, value: bytes) -> Record[Entry]:
        """The journal record."""
        return self._decode_record(value)

    def outputs(self, partition: int, sources: Sequence[str], entries: Sequence[Entry]) -> Iterator[Output]:
        """Public events, and what the windows of hospitals count."""
        yield from public.outputs(partition, sources, entries)
        yield from hospital_events.outputs(partition, entries, self._watchers)

    def snapshot(self, state: Book, keys: Iterable[str]) -> Mapping[str, bytes | Account | Governance]:
        """Accounts, those at rest as JSON, and what is in force; all are values that never change.

        A rule that breaks is noted by an account's entry, so what is in force goes along until the next tick has told it.
        """
        accounts = state.accounts
        found: dict[str, bytes | Account | Governance] = {key: accounts.at_rest(key) or accounts[key] for key in keys if key in accounts}
        if POLICY in keys or any(not each.told for each in state.governance.broken):
            found[POLICY] = state.governance
        return found

    def dump(self, sequence: int, value: bytes | Account | Governance) -> bytes:
        """JSON of (record, value)."""
        return b"[%d,%b]" % (sequence, value if isinstance(value, bytes) else encode(value))

    def load(self, state: Book, key: str, value: bytes) -> int:
        """Put one account, or what was in force, back."""
        if key == POLICY:
            sequence, standing = self._decode_governance(value)
            state.restore_governance(Governance(standing) if isinstance(standing, str) else standing)
            return sequence
        head, _, account = value.partition(b",")
        state.restore(account[:-1])
        return int(head[1:])

    def tick(self, now_ms: int) -> tuple[str, bytes, bytes]:
        """A tick of the wall clock, as an event."""
        time = (_EPOCH + timedelta(milliseconds=now_ms)).isoformat()
        identity = effect_id(topics.CLOCK, -1, now_ms, 0)
        value = {"specversion": "1.0", "id": identity, "source": "/hms-ach/clock", "type": "tick.v1", "time": time, "data": {}}
        return topics.CLOCK, CLOCK_KEY, encode(value)


def _unsealed(_content: bytes) -> bytes:
    """A poster that only replays or explains writes no letters."""
    raise AssertionError("a poster that writes dead letters is given a seal")


def _put_off(account: str, error: Exception) -> None:
    log.error("deadlines of account %s cannot be decided and are put off: %s\n%s", account, type(error).__name__, _where(error))


def _where(error: Exception) -> str:
    """The lines of code that an error came through, without its text, which may hold a payment's values."""
    return "".join(traceback.format_tb(error.__traceback__))
