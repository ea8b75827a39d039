"""Who waits for which decision. Requests wait in the event loop, the journal is read in a thread; this is where the two meet."""

import asyncio
import threading
from collections import OrderedDict
from typing import Final, NamedTuple
from uuid import uuid4

import msgspec
from msgspec import Struct

from journal.chain import Accepted
from ledger.effects import AnyEffect, DeadLettered
from ledger.record import Record

_DEAD: Final = b'["dead",'
_DEAD_KEPT: Final = 1000
InputPlace = tuple[str, int, int]
"""input topic, partition, offset"""


class Outline(Struct, frozen=True, array_like=True):
    """`ledger.record.Entry` with its effects left as bytes: most entries are not waited for."""

    source: int
    offset: int
    event_id: str
    type: str
    at_ms: int
    account: str
    effects: msgspec.Raw
    ordinal: int = 0


class Decision(NamedTuple):
    """What became of an event: its effects, and where the journal holds them."""

    effects: tuple[AnyEffect, ...]
    partition: int
    sequence: int
    recorded_ms: int


_decode_record = msgspec.json.Decoder(Record[Outline]).decode
_decode_effects = msgspec.json.Decoder(tuple[AnyEffect, ...]).decode


class Decisions:
    """The waiters of this process. Event ids of this process begin with `prefix`, so one search of a record's bytes tells whether it
    answers anybody here."""

    def __init__(self) -> None:
        self.prefix = f"api-{uuid4().hex}-"
        self._number = 0
        self._waiting: dict[str, asyncio.Future[Decision]] = {}
        self._places: dict[InputPlace, str] = {}
        self._dead: OrderedDict[InputPlace, Decision] = OrderedDict()
        self._lock = threading.Lock()

    def expect(self) -> tuple[str, "asyncio.Future[Decision]"]:
        """A fresh event id and the future of its decision. Call it before the event is produced, `forget` it in the end."""
        self._number += 1
        event_id = f"{self.prefix}{self._number}"
        future = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting[event_id] = future
        return event_id, future

    def placed(self, event_id: str, place: InputPlace) -> None:
        """The broker has the event here. A dead letter has no event id, its place alone tells whose it was."""
        with self._lock:
            dead = self._dead.get(place)
            self._places[place] = event_id
        if dead is not None:
            self._resolve([(event_id, dead)])

    def forget(self, event_id: str, place: InputPlace | None) -> None:
        """Nobody waits for it any more."""
        with self._lock:
            self._waiting.pop(event_id, None)
            if place is not None:
                self._places.pop(place, None)

    def take(self, accepted: Accepted) -> None:
        """Answer whoever waits for something in this record. Called from the journal's thread."""
        if not self._waiting:
            return
        value = accepted.value
        dead = _DEAD in value
        if not dead and self.prefix.encode() not in value:
            return
        record = _decode_record(value)
        found = []
        for entry in record.entries:
            if entry.event_id.startswith(self.prefix):
                found.append((entry.event_id, self._decision(record, entry)))
            elif dead and not entry.event_id:
                place = (record.sources[entry.source], record.partition, entry.offset)
                decision = self._decision(record, entry)
                if isinstance(decision.effects[0], DeadLettered):
                    found += self._bury(place, decision)
        self._resolve(found)

    def _decision(self, record: Record[Outline], entry: Outline) -> Decision:
        return Decision(_decode_effects(entry.effects), record.partition, record.sequence, record.at_ms)

    def _bury(self, place: InputPlace, decision: Decision) -> list[tuple[str, Decision]]:
        with self._lock:
            self._dead[place] = decision
            if len(self._dead) > _DEAD_KEPT:
                self._dead.popitem(last=False)
            event_id = self._places.get(place)
        return [(event_id, decision)] if event_id else []

    def _resolve(self, found: list[tuple[str, Decision]]) -> None:
        with self._lock:
            answers = [(self._waiting.pop(event_id, None), decision) for event_id, decision in found]
        for future, decision in answers:
            if future is not None:
                future.get_loop().call_soon_threadsafe(_settle, future, decision)


def _settle(future: "asyncio.Future[Decision]", decision: Decision) -> None:
    if not future.done():
        future.set_result(decision)
