"""Kafka in memory for one partition: what the engine reads and writes, kept in lists, and a process that can die between two writes."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from confluent_kafka import Message

from journal.letter_box import Content
from journal.settings import Settings
from streams.engine.batch import Batch, Journalled
from streams.engine.engine import Engine
from streams.engine.log import PartitionLog
from streams.engine.machine import Machine
from streams.engine.publisher import Publisher
from streams.engine.recovery import recover
from tests.streams.messages import message


class DiedError(Exception):
    """The process ends here."""


class Memory:
    """The topics of one partition. `die_at` counts the journal records that are still written; the next one never is."""

    def __init__(self) -> None:
        self.journal: list[bytes] = []
        self.checkpoints: list[tuple[bytes, bytes]] = []
        self.letters: list[tuple[bytes | None, bytes | None]] = []
        self.inputs: dict[int, list[Message]] = {}
        self.die_at = -1

    def append(
        self, topic: str, _partition: int, value: bytes | None, key: bytes | None = None, headers: Sequence[Any] | None = None
    ) -> "asyncio.Future[int]":
        """The appender's only call: an acknowledged write, or death."""
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        if topic == "ledger.journal.v1":
            if len(self.journal) == self.die_at:
                raise DiedError
            assert value is not None
            self.journal.append(value)
            future.set_result(len(self.journal) - 1)
        else:
            content = msgspec.msgpack.decode(value or b"", type=Content)  # the tests' machines seal nothing
            self.letters.append((content.key, content.value))
            future.set_result(len(self.letters) - 1)
        return future

    def read(self, topic: str, _partition: int, start: int, still_polled: Callable[[], None]) -> Iterator[Message]:
        """The recovery reader's only call."""
        still_polled()
        if topic == "ledger.journal.v1":
            for offset in range(start, len(self.journal)):
                yield message(self.journal[offset], topic=topic, offset=offset)
        else:
            for offset, (key, value) in enumerate(self.checkpoints):
                yield message(value, key=key, topic=topic, offset=offset)


class MemoryPublisher(Publisher):
    """The relay's publisher with the checkpoints topic in memory; public topics are left out."""

    def __init__(self, machine: Machine, memory: Memory) -> None:
        self._machine = machine
        self._memory = memory

    def _produce(
        self, topic: str, value: bytes, key: bytes, headers: tuple[tuple[str, bytes], ...] = (), partition: int | None = None
    ) -> None:
        self._memory.checkpoints.append((key, value))


class Relay:
    """The channel to the relay: each record is published at once."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def put(self, item: Journalled) -> None:
        """Take a record."""
        for _ in self._publisher.checkpoints(item):
            pass


class Process:
    """One life of a worker on the partition, from its recovery on."""

    def __init__(self, settings: Settings, machine: Machine, memory: Memory) -> None:
        self.memory = memory
        self.log: PartitionLog = recover(settings, machine, memory, 0, None, lambda: None).log  # type: ignore[arg-type]
        self.log.marked_at = -1e9 if settings.checkpoint_interval_ms == 0 else 1e18
        self._engine = Engine(settings, machine, Relay(MemoryPublisher(machine, memory)))
        self._engine._appender = memory  # type: ignore[assignment]
        self._engine.partitions = {0: self.log}
        self._engine._epoch = 1

    def run(self, order: Sequence[tuple[int, int]], batch_events: int) -> None:
        """Post the inputs (source, offset) in this order from the partition's positions on, so many in a batch."""
        left = [(source, offset) for source, offset in order if offset >= self.log.next[source]]
        asyncio.run(self._post(left, batch_events))

    async def _post(self, left: list[tuple[int, int]], batch_events: int) -> None:
        for start in range(0, len(left), batch_events):
            fetched = [(source, self.memory.inputs[source][offset]) for source, offset in left[start : start + batch_events]]
            continues = {source: self.log.next[source] for source, _ in fetched}
            await self._engine.post(Batch(1, 0, continues, fetched))
