"""What the engine reaches of the world outside: Kafka, the clock, and the end of its own process. Everything else of it is the same
wherever it runs; `bench.sim` gives it a world in memory."""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple, NoReturn

from journal import failpoint
from journal.settings import Settings
from streams.engine.appender import Appender
from streams.engine.machine import Machine
from streams.engine.publisher import Publisher
from streams.engine.recovery import Reader

EXIT_ENGINE = 70
log = logging.getLogger(__name__)


def fail(reason: str) -> NoReturn:
    """End the process at once: nothing is committed, the supervisor starts a new one, and that rebuilds from the journal."""
    log.critical("%s; the process ends", reason)
    logging.shutdown()
    os._exit(EXIT_ENGINE)


class Outside(NamedTuple):
    """The world; the defaults are the real one."""

    appender: Callable[[Settings, asyncio.AbstractEventLoop], Appender] = Appender
    publisher: Callable[[Settings, Machine], Publisher] = Publisher
    reader: Callable[[Settings, str], Reader] = Reader
    hit: Callable[[Settings, str], None] = failpoint.hit
    fail: Callable[[str], NoReturn] = fail
    now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    monotonic_s: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


REAL = Outside()
