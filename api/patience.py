"""How long a connection waits for a whole request. uvicorn itself waits for ever, once a first byte has come or before any has."""

import asyncio
from typing import Any, ClassVar, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

WHOLE_S: Final = 30.0
"""a request has 64 KiB at most: slower than this is nobody who wants an answer"""
_UNFINISHED: Final = frozenset({h11.IDLE, h11.SEND_BODY})


class PatientProtocol(H11Protocol):
    """Ends a connection whose request is not whole in time, so that whoever sends a byte now and then holds none. An answer may take as
    long as it takes."""

    whole_s: ClassVar[float] = WHOLE_S
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on waiting, from the first byte of the request, until it is whole."""
        super().data_received(data)
        if self.conn.their_state in _UNFINISHED:
            self._wait()
        else:
            self._rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nothing to wait for."""
        self._rest()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.whole_s, self.transport.abort)

    def _rest(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
