"""Couriers are asynchronous, Kafka's client is not: a thread with an event loop does the sending, and answers come back in a queue."""

import asyncio
import queue
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Hands(Generic[T, R]):
    """An event loop in a thread of its own, until `close`. Each piece of work is given with a tag that comes back with its result."""

    def __init__(self) -> None:
        self.under_way = 0
        self._loop = asyncio.new_event_loop()
        self._done: queue.SimpleQueue[tuple[T, Future[R]]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._loop.run_forever, name="outbox-hands", daemon=True)
        self._thread.start()

    def give(self, tag: T, work: Coroutine[Any, Any, R]) -> None:
        """Begin this work."""
        self.under_way += 1
        asyncio.run_coroutine_threadsafe(work, self._loop).add_done_callback(lambda future: self._done.put((tag, future)))

    def arrived(self, seconds: float) -> list[tuple[T, R]]:
        """What is finished, the first piece awaited so long. Raises what the work raised."""
        found: list[tuple[T, R]] = []
        try:
            while self.under_way:
                tag, future = self._done.get(timeout=seconds) if seconds and not found else self._done.get_nowait()
                self.under_way -= 1
                found.append((tag, future.result()))
        except queue.Empty:
            pass
        return found

    def close(self, last: Coroutine[Any, Any, None], timeout_s: float) -> None:
        """Let go of what is under way, do this last, and end."""
        asyncio.run_coroutine_threadsafe(self._end(last), self._loop).result(timeout_s)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout_s)
        self._loop.close()

    async def _end(self, last: Coroutine[Any, Any, None]) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await last
