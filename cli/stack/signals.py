"""Waiting for whichever comes first: a signal to stop, the end of a child, or some time."""

import contextlib
import select
import signal
import socket
from types import FrameType
from typing import Any, Self

_STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopSignals:
    """While entered (main thread only), SIGTERM, SIGINT and SIGHUP set `stopping` instead of ending the process.

    A second one changes nothing: an orderly stop that has begun is carried through.
    """

    def __init__(self) -> None:
        self.stopping = False

    def __enter__(self) -> Self:
        # Signals arrive as bytes on a socket: a lock or an event touched by a handler could deadlock with its waiter.
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._before: dict[signal.Signals, Any] = {number: signal.signal(number, self._stop) for number in _STOPPING}
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, _only_wake)
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._reader.close()
        self._writer.close()

    def wait(self, seconds: float) -> None:
        """Return after `seconds`, or earlier when a signal has come."""
        select.select([self._reader], [], [], max(seconds, 0.0))
        with contextlib.suppress(BlockingIOError):
            self._reader.recv(4096)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True


def _only_wake(_number: int, _frame: FrameType | None) -> None:
    """The byte on the wake-up socket is all that is wanted."""
