"""Where a load stands: events journalled and events stored, seen from outside, with their delays."""

import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from confluent_kafka import Consumer, Message, TopicPartition

from bench.delays import Inputs
from journal.settings import Settings
from journal.topics import CLOCK, INPUTS, JOURNAL
from ledger.record import Record
from sinks.clickhouse.sink import group


class _Position(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The first fields of an entry: which input it answers. The watch must not take the processor time that it measures."""

    source: int
    offset: int


class Seen(NamedTuple):
    """One journal record: its partition and offset, when the broker had it (ms), its input events, the clock's left out."""

    partition: int
    offset: int
    at_ms: int
    events: int


class Watch:
    """Reads the journal from its beginning, and the positions that the sink commits behind its inserts.

    With `sampled` partitions it also reads the inputs of these, for the delay between producer and journal.
    """

    def __init__(self, settings: Settings, sampled: Iterable[int] = ()) -> None:
        self._partitions = range(settings.partitions)
        self._journal = Consumer(settings.kafka(group_id="bench.watch", isolation_level="read_committed", enable_auto_commit=False))
        self._journal.assign([TopicPartition(JOURNAL, number, 0) for number in self._partitions])
        self._sink = Consumer(settings.kafka(group_id=group(settings), enable_auto_commit=False))
        self._decode = msgspec.json.Decoder(Record[_Position]).decode
        self._waiting: list[Seen] = []
        self._inputs = Inputs(settings, INPUTS, sampled)
        self.events = 0
        self.stored = 0
        self.first_ms = 0
        self.last_ms = 0
        self.visible_ms: list[tuple[int, int]] = []
        """(delay between journal and ClickHouse in ms, events)"""
        self.posted_ms: list[tuple[int, int]] = []
        """(delay between producer and journal in ms, events), of the sample"""

    def step(self, wait_s: float = 0.05) -> None:
        """Take in what is there."""
        self._inputs.step()
        for message in self._journal.consume(200, wait_s):
            if message.error() is None:
                self._take(message)
        self.posted_ms += self._inputs.delays()
        self._look_at_sink()

    def forget_delays(self) -> None:
        """Measure delays from here on."""
        self.visible_ms.clear()
        self.posted_ms.clear()

    def close(self) -> None:
        """Leave the broker."""
        self._inputs.close()
        self._journal.close()
        self._sink.close()

    def _take(self, message: Message) -> None:
        value = message.value()
        assert isinstance(value, bytes)
        record = self._decode(value)
        clock = record.sources.index(CLOCK)
        answered = {entry for entry in record.entries if entry.source != clock}
        events = len(answered)
        if not events:
            return
        at_ms = message.timestamp()[1]
        self._inputs.journalled(message.partition() or 0, ((entry.source, entry.offset) for entry in answered), at_ms)
        self.first_ms = self.first_ms or at_ms
        self.last_ms = max(self.last_ms, at_ms)
        self.events += events
        self._waiting.append(Seen(message.partition() or 0, message.offset() or 0, at_ms, events))

    def _look_at_sink(self) -> None:
        if not self._waiting:
            return
        asked = [TopicPartition(JOURNAL, number) for number in self._partitions]
        stored = {part.partition: part.offset for part in self._sink.committed(asked, 10)}
        now_ms = time.time_ns() // 1_000_000
        left = []
        for seen in self._waiting:
            if seen.offset < stored[seen.partition]:
                self.stored += seen.events
                self.visible_ms.append((now_ms - seen.at_ms, seen.events))
            else:
                left.append(seen)
        self._waiting = left


def percentile(weighted: Sequence[tuple[int, int]], share: float) -> int:
    """The value below which this share of the events lies; 0 for none."""
    ordered = sorted(weighted)
    limit = share * sum(count for _, count in ordered)
    below = 0
    for value, count in ordered:
        below += count
        if below >= limit:
            return value
    return 0
