"""Who listens is told when the tables change, and what it missed, and costs nothing when it is slow."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest

from api.problems import Kind, Problem
from api.pulse import Pulse, State
from api.routes.stream import event
from tests.api.ledger_fake import EmptyStore


class Tables(EmptyStore):
    """Tables that hold so many records."""

    def __init__(self, records: int) -> None:
        super().__init__()
        self.records = records
        self.down = False

    async def ask(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Sequence[Sequence[Any]]:
        if self.down:
            raise Problem(Kind.STORE_UNAVAILABLE, "down")
        self.asked.append((sql, parameters or {}))
        return [[self.records, 1_000 + self.records]]


def pulse_of(tables: Tables, beat_s: float = 5.0) -> Pulse:
    return Pulse(tables, look_s=0.005, beat_s=beat_s)


async def first(listening: AsyncIterator[State | None]) -> State | None:
    return await asyncio.wait_for(anext(listening), 5)


def test_a_new_listener_hears_at_once_and_then_of_every_change() -> None:
    async def run() -> None:
        tables = Tables(3)
        listening = pulse_of(tables).listen(None)
        assert await first(listening) == State(3, 1_003)
        tables.records = 7
        assert await first(listening) == State(7, 1_007)

    asyncio.run(run())


def test_who_comes_back_hears_at_once_only_when_something_was_missed() -> None:
    async def run() -> None:
        assert await first(pulse_of(Tables(9)).listen(4)) == State(9, 1_009)
        assert await first(pulse_of(Tables(9), beat_s=0.05).listen(9)) is None

    asyncio.run(run())


def test_a_slow_listener_skips_states_and_hears_the_last() -> None:
    async def run() -> None:
        tables = Tables(1)
        pulse = pulse_of(tables)
        slow, quick = pulse.listen(None), pulse.listen(None)
        await first(slow)
        await first(quick)
        for records in range(2, 6):
            tables.records = records
            assert (await first(quick) or State(0, 0)).version == records
        assert (await first(slow) or State(0, 0)).version == 5

    asyncio.run(run())


def test_nobody_asks_the_tables_when_nobody_listens() -> None:
    async def run() -> None:
        tables = Tables(1)
        pulse = pulse_of(tables)
        listening = pulse.listen(None)
        await first(listening)
        assert pulse.listeners == 1
        await listening.aclose()  # type: ignore[attr-defined]
        assert pulse.listeners == 0
        await asyncio.sleep(0.05)
        asked = len(tables.asked)
        await asyncio.sleep(0.05)
        assert len(tables.asked) == asked
        assert await first(pulse.listen(None)) == State(1, 1_001)

    asyncio.run(run())


def test_while_the_tables_do_not_answer_it_is_silent_and_goes_on_afterwards() -> None:
    async def run() -> None:
        tables = Tables(1)
        tables.down = True
        listening = pulse_of(tables, beat_s=0.05).listen(None)
        assert await first(listening) is None
        tables.down = False
        while (state := await first(listening)) is None:
            continue
        assert state == State(1, 1_001)

    asyncio.run(run())


@pytest.mark.parametrize("version", [0, 12])
def test_an_event_names_the_version_as_its_id(version: int) -> None:
    assert event(State(version, 5)) == b'id: %d\nevent: changed\ndata: {"records":%d,"recorded_ms":5}\n\n' % (version, version)
