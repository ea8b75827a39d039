"""One worker process: the engine and its intake on a loop of their own, and what of it is under way outside."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Any, NoReturn, Protocol

from confluent_kafka import KafkaError, KafkaException

from bench.sim.broker import Broker, Tp
from bench.sim.clients import Consumer, MemoryReader, Producer
from bench.sim.clock import Clock
from bench.sim.death import DiedError, StuckError
from bench.sim.loop import Loop
from journal.settings import Settings
from streams.engine.app import POSTER_BATCHES, RELAY_RECORDS
from streams.engine.appender import Appender
from streams.engine.batch import Batch
from streams.engine.engine import Engine
from streams.engine.intake import Intake
from streams.engine.machine import Machine
from streams.engine.outside import Outside
from streams.engine.publisher import Publisher

FAILPOINTS = ("before-journal", "after-journal", "before-publish", "after-publish")
_Ack = tuple["asyncio.Future[int]", int]


class Around(Protocol):
    """What a worker asks of the world."""

    clock: Clock
    broker: Broker
    rng: Random

    def mishap(self, of: str) -> bool:
        """Whether something goes wrong now."""

    def meanwhile(self) -> None:
        """Others do something while this one waits."""


class Channel:
    """A Faust channel, as far as the engine sees one."""

    def __init__(self, size: int) -> None:
        self.queue: asyncio.Queue[Any] = asyncio.Queue(size)

    async def put(self, item: Any) -> None:
        """Wait for room."""
        await self.queue.put(item)


class MemoryAppender(Appender):
    """Messages lie on the wire of their partition until the simulation lets the broker have them."""

    def __init__(self, worker: "Worker", loop: asyncio.AbstractEventLoop) -> None:
        self._worker = worker
        self._loop = loop

    def append(
        self,
        topic: str,
        partition: int,
        value: bytes | None,
        key: bytes | None = None,
        headers: Sequence[tuple[str, bytes | None]] | None = None,
    ) -> "asyncio.Future[int]":
        """Send; the future is settled with the report."""
        future: asyncio.Future[int] = self._loop.create_future()
        self._worker.wire.setdefault((topic, partition), deque()).append((key, value, tuple(headers or ()), future))
        return future


class Worker:
    """A worker by its number; it lives more than once."""

    def __init__(self, world: Around, settings: Settings, machine: Machine, index: int) -> None:
        self.name = f"w{index}"
        self.group = machine.name
        self.instance = f"{machine.name}.{self.name}"
        self.alive = self.frozen = self.busy = False
        self.failpoint = ""
        self.wire: dict[Tp, deque[tuple[Any, ...]]] = {}
        self.acks: deque[_Ack] = deque()
        self.engine: Engine
        self._world = world
        self._settings = settings.model_copy(update={"worker_index": index})
        self._machine = machine

    def start(self) -> None:
        """A new life."""
        world = self._world
        self.wire, self.acks, self.alive, self.frozen = {}, deque(), True, False
        self._loop = Loop(world.clock)
        self.batches, self._journalled = Channel(POSTER_BATCHES), Channel(RELAY_RECORDS)
        outside = Outside(
            appender=lambda _settings, loop: MemoryAppender(self, loop),
            publisher=self._publisher,
            reader=lambda _settings, _name: MemoryReader(world.broker, world.meanwhile),
            hit=self._hit,
            fail=self._fail,
            now_ms=world.clock.now_ms,
            monotonic_s=world.clock.monotonic_s,
        )
        self.engine = Engine(self._settings, self._machine, self._journalled, outside)
        self._wait_for(self.engine.start())
        consumer: Any = Consumer(world.broker, world.rng, self.group, self.instance, tells_ends=True)
        self._intake = Intake(
            self._settings, self._machine, consumer, self._wait_for, self._hand_on, self.engine.quiesce, self.engine.take_over
        )
        self._intake.join()
        self._loop.create_task(_agent(self.batches, self.engine.post))
        self._loop.create_task(_agent(self._journalled, self.engine.relay))

    def die(self) -> None:
        """What is on the wire may have left, or not."""
        self.alive = False
        self._loop.bury()

    def turn(self) -> None:
        """One fetch."""
        self._intake.turn()

    def lose_batches(self) -> None:
        """The channel's queue is emptied, as by Faust's own consumer at a rebalance of its own."""
        while not self.batches.queue.empty():
            self.batches.queue.get_nowait()

    def send_ticks(self) -> None:
        """A tick for every partition it owns."""
        tick = self._machine.tick(self._world.clock.ms)
        for number in list(self.engine.partitions) if tick else ():
            assert tick is not None
            self.engine.send_tick(number, *tick)

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """What may happen next beside a fetch: a message arrives, a report comes, a thread ends, the loop goes on."""
        found: list[tuple[str, Callable[[], None]]] = []
        if any(self.wire.values()):
            found.append(("has a message delivered", self.deliver))
        if self.acks:
            found.append(("gets a report", self._report))
        if self._loop.calls:
            found.append(("ends a transaction", self._loop.run_call))
        if self._loop.ready:
            found.append(("goes on", self._run_loop))
        return found

    def deliver(self) -> None:
        """The broker gets one message."""
        tp = self._world.rng.choice([tp for tp, waiting in self.wire.items() if waiting])
        key, value, headers, future = self.wire[tp].popleft()
        self.acks.append((future, self._world.broker.append(tp, key, value, headers)))

    def _run_loop(self) -> None:
        """The process gets the processor, for a while."""
        self._loop.run_ready(self._world.rng.choice((1, 1, 2, 5, 40)))

    def _report(self) -> None:
        future, offset = self.acks.popleft()
        if future.done():
            return
        if self._world.mishap("lost ack"):
            future.set_exception(KafkaException(KafkaError(KafkaError._MSG_TIMED_OUT)))  # noqa: SLF001 - the library's public name for it
        else:
            future.set_result(offset)

    async def _hand_on(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            await self.batches.put(batch)

    def _wait_for(self, step: Any) -> None:
        """Run a step of the loop to its end, with whatever happens outside meanwhile."""
        task = self._loop.create_task(step)
        while True:
            if task.done():
                task.result()
                return
            if self._world.mishap("killed"):
                raise DiedError("killed")
            self._world.meanwhile()
            steps = self.steps()
            if steps:
                self._world.rng.choice(steps)[1]()
            elif (wait_s := self._loop.wait_s()) is not None:
                self._world.clock.advance(int(wait_s * 1000) + 1)
            else:
                raise StuckError(f"{self.name} waits for nothing")

    def _publisher(self, settings: Settings, machine: Machine) -> Publisher:
        def connect(options: dict[str, Any]) -> Any:
            return Producer(self._world.broker, str(options["transactional.id"]), lambda: self._world.mishap("lost commit"))

        return Publisher(settings, machine, connect, self._world.clock.monotonic_s)

    def _hit(self, _settings: Settings, name: str) -> None:
        wanted, _, skip = self.failpoint.partition(":")
        if wanted == name:
            self.failpoint = f"{wanted}:{int(skip) - 1}" if int(skip) else ""
            if not self.failpoint:
                raise DiedError(name)

    def _fail(self, reason: str) -> NoReturn:
        raise DiedError(reason)


async def _agent(channel: Channel, step: Callable[[Any], Awaitable[None]]) -> None:
    """One item after the other; an error ends the process."""
    while True:
        item = await channel.queue.get()
        try:
            await step(item)
        except Exception as error:  # an agent that fails ends its worker, whatever the error
            raise DiedError(f"{type(error).__name__}: {error}") from error
