"""An event loop without a selector, threads or a clock of its own: what it would do next is up to the simulation."""

import asyncio
import heapq
from asyncio.events import _set_running_loop  # what every event loop sets while it runs
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

from bench.sim.clock import Clock

_T = TypeVar("_T")
_Call = tuple["asyncio.Future[Any]", Callable[..., Any], tuple[Any, ...]]


class Loop:
    """The loop of one simulated process. What goes to a thread waits in `calls` until the simulation lets it happen.

    It has what asyncio asks of a loop for tasks, futures and timers; sockets, signals and child processes there are none.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._tasks: list[asyncio.Task[Any]] = []
        self._numbers = 0
        self.calls: deque[_Call] = deque()
        self.dead = False
        self._self: Any = self

    @property
    def ready(self) -> bool:
        """Whether something can happen without the outside."""
        return bool(self._ready) or bool(self._timers and self._timers[0][0] <= self.time())

    def run_ready(self, most: int) -> None:
        """Some of what can happen without the outside; more may be left."""
        while self._timers and self._timers[0][0] <= self.time():
            self._ready.append(heapq.heappop(self._timers)[2])
        while self._ready and most > 0:
            most -= 1
            handle = self._ready.popleft()
            if handle.cancelled():
                continue
            _set_running_loop(self._self)
            try:
                handle._run()  # noqa: SLF001 - a handle has no other way to be run
            finally:
                _set_running_loop(None)

    def run_call(self) -> None:
        """What waits for a thread happens now."""
        future, function, args = self.calls.popleft()
        try:
            result = function(*args)
        except Exception as error:  # noqa: BLE001 - as an executor does
            if not future.done():
                future.set_exception(error)
        else:
            if not future.done():
                future.set_result(result)

    def wait_s(self) -> float | None:
        """Seconds to the next timer; None when none is set."""
        while self._timers and self._timers[0][2].cancelled():
            heapq.heappop(self._timers)
        return max(self._timers[0][0] - self.time(), 0.0) if self._timers else None

    def bury(self) -> None:
        """The process is dead: nothing of it runs any more, and nobody is told of what was under way."""
        self.dead = True
        for task in self._tasks:
            if not task.done():
                task._log_destroy_pending = False  # type: ignore[attr-defined]  # noqa: SLF001 - a killed process says nothing
                task.get_coro().close()
            elif not task.cancelled():
                task.exception()
        self._ready.clear()
        self._timers.clear()

    def time(self) -> float:
        """The simulation's clock."""
        return self._clock.monotonic_s()

    def get_debug(self) -> bool:
        """Never."""
        return False

    def is_running(self) -> bool:
        """As long as the process lives."""
        return not self.dead

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> asyncio.Handle:
        """Next in line."""
        handle = asyncio.Handle(callback, args, self._self, context)
        self._ready.append(handle)
        return handle

    def call_soon_threadsafe(self, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> asyncio.Handle:
        """At once: whoever calls from another thread is outside of this loop."""
        callback(*args)
        return asyncio.Handle(callback, args, self._self, context)

    def call_later(self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> asyncio.TimerHandle:
        """When the clock has moved so far."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> asyncio.TimerHandle:
        """When the clock stands there."""
        handle = asyncio.TimerHandle(when, callback, args, self._self, context)
        self._numbers += 1
        heapq.heappush(self._timers, (when, self._numbers, handle))
        return handle

    def create_future(self) -> "asyncio.Future[Any]":
        """A future of this loop."""
        return asyncio.Future(loop=self._self)

    def create_task(
        self,
        coro: Coroutine[Any, Any, _T],
        *,
        name: str | None = None,
        context: Context | None = None,
    ) -> "asyncio.Task[_T]":
        """A task of this loop."""
        task = asyncio.Task(coro, loop=self._self, name=name, context=context)
        self._tasks = [task, *(known for known in self._tasks if not known.done())]
        return task

    def run_in_executor(self, executor: Any, func: Callable[..., _T], *args: Any) -> "asyncio.Future[_T]":
        """Wait for the simulation to let it happen."""
        future = self.create_future()
        self.calls.append((future, func, args))
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """An error that nobody looked at: of a dead process it is no news."""
        if not self.dead and "exception" in context and "never retrieved" not in context.get("message", ""):
            raise context["exception"]

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It is left in the heap, and passed over."""
