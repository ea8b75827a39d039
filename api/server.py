"""uvicorn's server, where its own ways end: signals, and handshakes that are never finished."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator
from typing import ClassVar, Final

import uvicorn

HANDSHAKE_S: Final = 10.0
"""the event loop's own patience is a minute, and uvicorn has no setting for it"""


class Server(uvicorn.Server):
    """Returns after SIGTERM or SIGINT instead of dying of the signal; a second signal changes nothing. A connection that does not finish
    its TLS handshake in time is ended."""

    handshake_s: ClassVar[float] = HANDSHAKE_S

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then listen."""
        await super().startup([])
        config, loop = self.config, asyncio.get_running_loop()
        patience = self.handshake_s if config.ssl else None
        for listener in sockets or ():
            server = await loop.create_server(
                self._protocol, sock=listener, ssl=config.ssl, backlog=config.backlog, ssl_handshake_timeout=patience
            )
            self.servers.append(server)

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
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
