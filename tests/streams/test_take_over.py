"""An assignment that is taken away while its partitions are rebuilt: the next one publishes whatever had not been."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from confluent_kafka import Message

from journal.settings import Settings
from streams.engine.batch import Journalled
from streams.engine.engine import Engine
from streams.engine.intake import InterruptedRebuildError
from streams.engine.log import PartitionLog
from streams.engine.machine import Bad, Position
from streams.engine.outside import REAL
from streams.poster import Poster
from tests.streams.memory import Memory

SETTINGS = Settings(partitions=2)
POSTER = Poster(SETTINGS, bytes)
RECORDS = 3


def journal(number: int) -> Memory:
    """The journal of a partition: a few records, none of them published."""
    memory, log = Memory(), PartitionLog(number, POSTER.open(number), POSTER.sources)
    for offset in range(RECORDS):
        entry = POSTER.dead(Position(0, offset, 1_000), Bad("MALFORMED", "no event"))
        log.next[0] = offset + 1
        memory.journal.append(log.seal([entry], [POSTER.encode(entry)], 1_000, 0).value)
    return memory


class Journals:
    """Every partition's journal, for the recovery and for the intake's questions; `poll_paused` is interrupted where it is told to."""

    group = None

    def __init__(self) -> None:
        self._memories = {number: journal(number) for number in range(2)}
        self.interrupted_at = -1
        self._reading = -1

    def __enter__(self) -> "Journals":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self, topic: str, partition: int, start: int, still_polled: Callable[[], None]) -> Iterator[Message]:
        self._reading = partition
        return self._memories[partition].read(topic, partition, start, still_polled)

    def published(self, _numbers: object) -> dict[int, tuple[int, str]]:
        return {}

    def journal_end(self, partition: int) -> int:
        return len(self._memories[partition].journal)

    def poll_paused(self) -> None:
        if self._reading == self.interrupted_at:
            raise InterruptedRebuildError


class Relay:
    """The channel to the relay; what is put in is published at once."""

    def __init__(self) -> None:
        self.published: list[tuple[int, int]] = []
        self.engine: Any = None

    async def put(self, item: Journalled) -> None:
        self.published.append((item.partition, item.offset))
        self.engine._underway.leave(len(item.entries))


def test_what_an_interrupted_rebuild_found_unpublished_is_found_again() -> None:
    journals, relay = Journals(), Relay()

    async def live() -> None:
        engine = Engine(SETTINGS, POSTER, relay, REAL._replace(reader=lambda _settings, _name: journals))  # type: ignore[arg-type, return-value]
        engine._loop, relay.engine = asyncio.get_running_loop(), engine
        journals.interrupted_at = 1
        try:
            await asyncio.to_thread(engine.take_over, 1, [0, 1], journals)  # type: ignore[arg-type]
        except InterruptedRebuildError:
            journals.interrupted_at = -1
        assert relay.published == []
        positions = await asyncio.to_thread(engine.take_over, 2, [0, 1], journals)  # type: ignore[arg-type]
        assert positions == dict.fromkeys(range(2), (RECORDS, -1, -1, -1))
        await engine.kick()

    asyncio.run(live())
    assert relay.published == [(number, offset) for number in range(2) for offset in range(RECORDS)]
