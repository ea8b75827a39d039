"""How long a connection waits for a whole request, and for an answer to be read. uvicorn itself waits for ever, both times. And what is
said to who may not stay."""

import asyncio
from typing import Any, ClassVar, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.door import FULL, Seat, whole_answer
from api.problems import Kind

WHOLE_S: Final = 30.0
"""a request has 64 KiB at most: slower than this is nobody who wants an answer"""
_TURNED_AWAY_S: Final = 5.0
_UNREADABLE: Final = whole_answer(Kind.BAD_REQUEST, "This is no HTTP request, or its head is larger than 64 KiB.", {})
_UNANSWERED: Final = frozenset({h11.IDLE, h11.SEND_RESPONSE})
_UNFINISHED: Final = frozenset({h11.IDLE, h11.SEND_BODY})


class PatientProtocol(H11Protocol):
    """Ends a connection whose request is not whole in time, so that whoever sends a byte now and then holds none, and one that has not read
    any of 48 KiB in as long. An answer may take as long as it takes. Whom the door has no room for is told so and hung up on."""

    whole_s: ClassVar[float] = WHOLE_S
    seat: Seat | None = None
    """given by who has accepted the connection; without one it may stay"""
    _late: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        if self._stays():
            self._wait()
        else:
            self._late = self.loop.call_later(min(self.whole_s, _TURNED_AWAY_S), transport.abort)

    def data_received(self, data: bytes) -> None:
        """Go on waiting, from the first byte of the request, until it is whole."""
        if not self._stays():
            self._turn_away()
            return
        super().data_received(data)
        if self.conn.their_state in _UNFINISHED:
            self._wait()
        else:
            self._rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nothing to wait for."""
        self._rest()
        self._is_read()
        if self.seat is not None:
            self.seat.leave()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """What was sent is not read: begin to wait for that."""
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(self.whole_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It is read again."""
        self._is_read()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words, which are no problem document
        """What cannot be read is answered like everything else; in the middle of an answer there is nothing more to say."""
        if self.conn.our_state in _UNANSWERED:
            self.transport.write(_UNREADABLE)
        self.transport.close()

    def _stays(self) -> bool:
        return self.seat is None or self.seat.entered

    def _turn_away(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(FULL)
            self.transport.close()

    def _is_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.whole_s, self.transport.abort)

    def _rest(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
