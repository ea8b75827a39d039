"""uvicorn's server, where its own ways end: signals, how many connections there are, and handshakes that are never finished."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Iterator
from typing import ClassVar, Final

import uvicorn

from api.door import Door, Seat
from api.listening import Listening
from api.patience import PatientProtocol

HANDSHAKE_S: Final = 10.0
"""the event loop's own patience is a minute, and uvicorn has no setting for it"""


class Server(uvicorn.Server):
    """Returns after SIGTERM or SIGINT instead of dying of the signal; a second signal changes nothing. A connection is counted at
    the door from when it is accepted, and ended when it does not finish its TLS handshake in time."""

    handshake_s: ClassVar[float] = HANDSHAKE_S

    def __init__(self, config: uvicorn.Config, door: Door | None = None) -> None:
        super().__init__(config)
        self._door = door or Door(sys.maxsize, sys.maxsize)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then listen."""
        await super().startup([])
        config = self.config
        for listener in sockets or ():
            listening = Listening(listener, config.backlog, self._door, self._protocol, config.ssl, self.handshake_s)
            self.servers.append(listening)  # type: ignore[arg-type]

    def _protocol(self, seat: Seat) -> asyncio.Protocol:
        made = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        assert isinstance(made, PatientProtocol), "the configuration names another protocol"
        made.seat = seat
        return made

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals ask to stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ask_to_stop)
        yield

    def _ask_to_stop(self) -> None:
        self.should_exit = True
