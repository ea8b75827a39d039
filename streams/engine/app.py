"""The Faust application around an engine: channels, agents, timers, services."""

import asyncio
import gc
import logging
import os
import time
from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from typing import Any

import faust
from faust.app.base import BootStrategy
from faust.channels import Channel
from mode.utils.queues import FlowControlEvent, ThrowableQueue

from journal.failpoint import mutant
from journal.settings import Settings
from streams.engine.batch import Batch, Journalled
from streams.engine.engine import Engine
from streams.engine.fetcher import Fetcher
from streams.engine.machine import Machine
from streams.engine.outside import EXIT_ENGINE

POSTER_BATCHES = 16
RELAY_RECORDS = 400
log = logging.getLogger(__name__)


class OwnChannel(Channel):  # type: ignore[misc]
    """A channel that Faust's own consumer cannot empty: its queue has a flow control event of its own, never suspended."""

    @property
    def queue(self) -> ThrowableQueue:
        """The queue; made on first use, inside the running loop."""
        if self._queue is None:  # type: ignore[has-type]
            flow = FlowControlEvent(initially_suspended=False)
            self._queue = ThrowableQueue(maxsize=self.maxsize, flow_control=flow, clear_on_resume=False)
        return self._queue


class NoKafka(BootStrategy):  # type: ignore[misc]
    """Faust runs agents, channels and timers; the money path does its own Kafka I/O."""

    enable_kafka = False
    enable_web = False


class EngineApp(faust.App):  # type: ignore[misc]
    """A Faust application without a consumer of its own."""

    BootStrategy = NoKafka
    engine_service: "EngineService"

    async def on_started_init_extra_services(self) -> None:
        """Start the engine when channels and agents stand."""
        await self.add_runtime_dependency(self.engine_service)

    def _create_directories(self) -> None:
        """Nothing is kept on the worker's disk."""


class EngineService(faust.Service):  # type: ignore[misc]
    """The engine and its fetcher as one Faust service, between the two channels."""

    def __init__(self, settings: Settings, machine: Machine, batches: Channel, journalled: Channel) -> None:
        super().__init__()
        self.settings = settings
        self.machine = machine
        self.engine = Engine(settings, machine, journalled)
        self.fetcher = Fetcher(settings, machine, self._hand_on, self.engine.quiesce, self.engine.take_over)
        self._batches = batches

    async def on_start(self) -> None:
        await self.engine.start()
        gc.collect()
        gc.freeze()
        # accounts hold no cycles: full collections would only walk through all of them
        gc.set_threshold(100_000, 50, 1000)
        await self.add_runtime_dependency(self.fetcher)

    async def on_stop(self) -> None:
        await self.fetcher.stop()
        await self.engine.stop()

    async def _hand_on(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            await self._batches.put(batch)

    async def write_ticks(self) -> None:
        """One tick for every partition owned here."""
        now_ms = time.time_ns() // 1_000_000
        for number in list(self.engine.partitions):
            tick = self.machine.tick(now_ms)
            if tick is not None:
                self.engine.send_tick(number, *tick)


def build(settings: Settings, machine: Machine) -> faust.App:
    """The application: fetcher → channel → poster agent → journal → channel → relay agent, and the ticks of owned partitions."""
    app = EngineApp(machine.name, broker=f"kafka://{settings.kafka_bootstrap}", web_enabled=False)
    batches = OwnChannel(app, maxsize=POSTER_BATCHES)
    if mutant(settings, "flow-queue"):
        batches = _faust_queue(app)
    journalled = OwnChannel(app, maxsize=RELAY_RECORDS)
    service = EngineService(settings, machine, batches, journalled)

    @app.agent(batches, concurrency=1, name="poster")  # type: ignore[untyped-decorator]
    async def poster(stream: AsyncIterable[Batch]) -> None:
        async for batch in stream:
            await _or_exit(service.engine.post, batch)

    @app.agent(journalled, concurrency=1, name="relay")  # type: ignore[untyped-decorator]
    async def relay(stream: AsyncIterable[Journalled]) -> None:
        async for item in stream:
            await _or_exit(service.engine.relay, item)

    if settings.tick_interval_ms:

        @app.timer(settings.tick_interval_ms / 1000, name="ticks")  # type: ignore[untyped-decorator]
        async def ticks(_: faust.App) -> None:
            await service.write_ticks()

    app.engine_service = service
    return app


async def _or_exit(step: Callable[[Any], Awaitable[None]], item: Any) -> None:
    """Faust would take an agent's exception for a processed event and go on; here it ends the process."""
    try:
        await step(item)
    except asyncio.CancelledError:
        raise
    except BaseException:
        log.exception("the engine failed; the process ends and is started again")
        logging.shutdown()
        os._exit(EXIT_ENGINE)


def _faust_queue(app: faust.App) -> Channel:
    """The mutant's channel: Faust's own queue, emptied now and then as by a rebalance of Faust's consumer."""
    channel = Channel(app, maxsize=1_000_000)  # a full one would cancel its writer when it is emptied, and that ends the process

    @app.timer(0.2, name="rebalances")  # type: ignore[untyped-decorator]
    async def rebalance(_: faust.App) -> None:
        app.flow_control.suspend()
        app.flow_control.resume()

    app.flow_control.resume()
    return channel
