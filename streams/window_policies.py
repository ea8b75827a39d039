"""Where each rule book came into force among the events of hospitals, so that a restart need not read them from the beginning.

Windows last seven days and wait one more for what is late. Of the events only the last nine days are counted again, or as many as the
longest watch needs; which book was in force before them stands in a topic of its own, one small message an activation.
"""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from confluent_kafka import Consumer, Producer, TopicPartition
from msgspec import Struct

from journal import topics
from journal.settings import Settings
from ledger.hospital_events import HospitalPolicy
from rules.hospital import ALWAYS, LATE_MS, SPANS_MS, Kind
from streams.engine.recovery import Reader

_SPARE_MS: Final = LATE_MS + 86_400_000
"""a window's day for late events, and one to spare"""
FROM_THE_BEGINNING: Final = -1
_FLUSH_S: Final = 30.0
_WAIT_S: Final = 20.0


class Noted(Struct, frozen=True, array_like=True):
    """A rule book, and the offset among the events of hospitals at which it came into force. The first note of a partition says only that
    all later ones are there."""

    partition: int
    offset: int
    text: str = ""


class Start(Struct, frozen=True):
    """Where to begin to count, and the book in force there; without a text the one that ships."""

    offset: int = 0
    text: str = ""
    noted: bool = False
    """whether every rule book before is in the notes"""


BEGINNING: Final = Start()
_decode = msgspec.json.Decoder(Noted).decode
_events = msgspec.json.Decoder(list[Any]).decode
_POLICY: Final = HospitalPolicy.__struct_config__.tag


def start_of(notes: list[Noted], partition: int, oldest: int) -> Start:
    """The start for a partition whose events before `oldest` are too old to matter; the beginning when its notes are not complete."""
    mine = [note for note in notes if note.partition == partition]
    if not any(note.offset == FROM_THE_BEGINNING for note in mine):
        return BEGINNING
    before = [note for note in mine if FROM_THE_BEGINNING < note.offset < oldest]
    return Start(oldest, max(before, key=lambda note: note.offset).text if before else "", noted=True)


def reach_ms(kinds: Iterable[Kind]) -> int:
    """How far back events are counted again to have these windows whole, beside those that are always counted."""
    return max(SPANS_MS[span] for _, span in (*ALWAYS, *kinds)) + _SPARE_MS


def policy_in(value: bytes | None) -> str:
    """Text of the last rule book in a message of hospital events; empty for none."""
    if not value or b'"policy"' not in value:
        return ""
    try:
        events = _events(value)
    except msgspec.MsgspecError:
        return ""
    texts = [event[1] for event in events if isinstance(event, list) and event[:1] == [_POLICY]]
    return str(texts[-1]) if texts else ""


class PolicyNotes:
    """The topic of notes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._producer = Producer(settings.kafka(enable_idempotence=True, acks="all"))

    def start(self, partition: int, until: int, kept_ms: int) -> Start:
        """Where to begin to count, to stand in front of the offset `until` with what happened in the `kept_ms` before it."""
        notes = self._read()
        return start_of(notes, partition, self._oldest(partition, until, kept_ms)) if notes else BEGINNING

    def write(self, note: Noted) -> None:
        """Keep a note. Raises RuntimeError when the broker did not take it in time; a note may be there twice."""
        failed: list[object] = []
        self._producer.produce(
            topics.WINDOWS, msgspec.json.encode(note), on_delivery=lambda error, _: failed.append(error) if error is not None else None
        )
        if self._producer.flush(_FLUSH_S) or failed:
            raise RuntimeError(f"a note of a rule book was not acknowledged: {failed}")

    def _read(self) -> list[Noted]:
        with Reader(self._settings, topics.WINDOWS) as reader:
            values = [message.value() for message in reader.read(topics.WINDOWS, 0, 0, lambda: None)]
        return [_decode(value) for value in values if value]

    def _oldest(self, partition: int, until: int, kept_ms: int) -> int:
        """Offset of the first message that the broker took within `kept_ms` of the one in front of `until`."""
        if until <= 0:
            return 0
        with Reader(self._settings, topics.WINDOWS) as reader:
            last = next(iter(reader.read(topics.HOSPITALS, partition, until - 1, lambda: None)), None)
        if last is None:
            return 0
        consumer = Consumer(self._settings.kafka(group_id=f"{topics.WINDOWS}.times", enable_auto_commit=False))
        try:
            asked = TopicPartition(topics.HOSPITALS, partition, last.timestamp()[1] - kept_ms)
            (found,) = consumer.offsets_for_times([asked], timeout=_WAIT_S)
        finally:
            consumer.close()
        return min(max(found.offset, 0), until)
