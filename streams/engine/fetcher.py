"""The fetcher: the Faust service around the intake. It owns the group's consumer and a thread in which the intake takes its turns."""

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import faust
from confluent_kafka import Consumer

from journal.settings import Settings
from streams.engine.batch import Batch
from streams.engine.intake import Intake
from streams.engine.machine import Machine
from streams.engine.outside import EXIT_ENGINE, fail
from streams.engine.watchdog import Watchdog
from streams.stacks import write_stacks

_LOOK_S = 2.0
log = logging.getLogger(__name__)


class Fetcher(faust.Service):  # type: ignore[misc]
    """Reads all sources in one consumer group. Runs in a thread of its own; the rest of the engine lives in the event loop."""

    def __init__(
        self,
        settings: Settings,
        machine: Machine,
        hand_on: Callable[[Sequence[Batch]], Awaitable[None]],
        quiesce: Callable[[], Awaitable[None]],
        take_over: Callable[[int, Sequence[int], Intake], dict[int, Sequence[int]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._settings = settings
        self._machine = machine
        self._hand_on = hand_on
        self._quiesce = quiesce
        self._take_over = take_over
        self._thread: threading.Thread | None = None

    async def on_start(self) -> None:
        self._running_loop = asyncio.get_running_loop()
        self._intake = Intake(self._settings, self._machine, self._consumer(), self._in_loop, self._hand_on, self._quiesce, self._take_over)
        self._thread = threading.Thread(target=self._run, name="fetcher", daemon=True)
        self._thread.start()
        self.add_future(self._watch())

    async def _watch(self) -> None:
        """End the process when the thread has come to a stand: librdkafka can wait for ever for a coordinator that is long back."""
        dog = Watchdog()
        while not self.should_stop:
            await self.sleep(_LOOK_S)
            if not self._intake.stopping and (reason := dog.look(self._intake.turns, time.monotonic(), adrift=self._intake.adrift)):
                write_stacks(sys.stderr)
                fail(reason)

    async def on_stop(self) -> None:
        if self._thread is not None:
            self._intake.stopping = True
            await asyncio.to_thread(self._thread.join, 20)

    def _consumer(self) -> Consumer:
        return Consumer(
            self._settings.kafka(
                group_id=self._machine.name,
                group_instance_id=f"{self._machine.name}.{self._settings.worker_host}.{self._settings.worker_index}",
                client_id=f"{self._machine.name}.{self._settings.worker_index}",
                partition_assignment_strategy="range",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                isolation_level="read_committed",
                enable_partition_eof=len(self._machine.sources) > 1,
                session_timeout_ms=10_000,
                heartbeat_interval_ms=2_000,
                max_poll_interval_ms=300_000,
                fetch_wait_max_ms=25,
                fetch_min_bytes=16_384,  # a turn gathers for 50 ms anyway: without this the broker is asked for every single message
                # answers are compressed, a fifth of what they hold: larger ones were 140 MB at once in the worker
                fetch_max_bytes=4_194_304,
                max_partition_fetch_bytes=524_288,
                queued_min_messages=4_000,
                queued_max_messages_kbytes=8_192,
                fetch_queue_backoff_ms=5,  # librdkafka's is a second
                check_crcs=False,
            )
        )

    def _run(self) -> None:
        """The thread. Whatever goes wrong here ends the process: Faust would go on without its input."""
        try:
            self._intake.join()
            while not self._intake.stopping:
                self._intake.turn()
            self._intake.leave()
        except BaseException:
            log.exception("fetcher failed; the process ends and is started again")
            os._exit(EXIT_ENGINE)

    def _in_loop(self, step: Awaitable[None]) -> None:
        asyncio.run_coroutine_threadsafe(_as_coroutine(step), self._running_loop).result()


async def _as_coroutine(step: Awaitable[None]) -> None:
    await step
