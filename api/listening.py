"""A listening socket whose connections have a seat from the moment they are accepted, before anything was said over them.

asyncio's own server tells of a connection when its TLS handshake is done: one that says nothing would be counted nowhere.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable
from typing import Final

from api.door import Door, Seat

_PAUSE_S: Final = 1.0
"""without acceptances, when the process or the system has no more files"""
log = logging.getLogger(__name__)


class Listening:
    """Accepts until it is closed, as asyncio's servers are. A connection has `handshake_s` for its handshake; then it is the protocol's,
    and so is its seat."""

    def __init__(
        self,
        listener: socket.socket,
        backlog: int,
        door: Door,
        protocol: Callable[[Seat], asyncio.Protocol],
        context: ssl.SSLContext | None,
        handshake_s: float,
    ) -> None:
        self._listener = listener
        self._backlog = backlog
        self._door = door
        self._protocol = protocol
        self._context = context
        self._handshake_s = handshake_s if context else None
        self._loop = asyncio.get_running_loop()
        self._coming: set[asyncio.Task[None]] = set()
        listener.setblocking(False)
        listener.listen(backlog)
        self._resumed: asyncio.TimerHandle | None = None
        self._resume()

    def close(self) -> None:
        """Accept nobody more, and end the handshakes that are under way."""
        self._loop.remove_reader(self._listener)
        if self._resumed is not None:
            self._resumed.cancel()
        for task in self._coming:
            task.cancel()

    async def wait_closed(self) -> None:
        """Every handshake has ended."""
        await asyncio.gather(*self._coming)

    def _resume(self) -> None:
        self._loop.add_reader(self._listener, self._accept)

    def _accept(self) -> None:
        """Take in who waits; the event loop's other work is never further away than one backlog."""
        for _ in range(self._backlog):
            try:
                connection, (address, *_) = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                log.warning("no connection can be accepted: %s", error.strerror)
                self._loop.remove_reader(self._listener)
                self._resumed = self._loop.call_later(_PAUSE_S, self._resume)
                return
            connection.setblocking(False)
            self._seat(connection, self._door.enter(address))

    def _seat(self, connection: socket.socket, seat: Seat) -> None:
        if not seat.entered and not seat.told:
            connection.close()
            seat.leave()
            return
        task = self._loop.create_task(self._greet(connection, seat))
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)

    async def _greet(self, connection: socket.socket, seat: Seat) -> None:
        try:
            await self._loop.connect_accepted_socket(
                lambda: self._protocol(seat), connection, ssl=self._context, ssl_handshake_timeout=self._handshake_s
            )
        except (OSError, asyncio.CancelledError):  # it said nothing in time, or nothing that is TLS
            seat.leave()
