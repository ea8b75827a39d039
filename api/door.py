"""How many connections may be open, in all and from one address. Who is in stays in; who comes when it is full is told to come again."""

import logging
from collections import Counter
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Final

from api.problems import Kind, render

_TOLD_MAX: Final = 100
"""connections that are turned away with an answer at a time; more are closed without a word, before their handshake"""
log = logging.getLogger(__name__)


class Door:
    """Counts who is in. `most_of_one` is for each address but the `proxies`, behind which there are many clients."""

    def __init__(self, most: int, most_of_one: int, proxies: Collection[str] = ()) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._proxies = frozenset(proxies)
        self._in: Counter[str] = Counter()
        self._all = 0
        self._turned_away = 0

    @property
    def open(self) -> int:
        """How many are in."""
        return self._all

    def enter(self, address: str) -> "Seat":
        """A seat for a connection from there; whether it may stay says the seat."""
        room = self._all < self._most and (address in self._proxies or self._in[address] < self._most_of_one)
        if room:
            self._in[address] += 1
            self._all += 1
        else:
            if not self._turned_away:
                log.warning("no room for a connection from %s, which has %d of %d open ones", address, self._in[address], self._all)
            self._turned_away += 1
        return Seat(self, address, entered=room, told=self._turned_away <= _TOLD_MAX)

    def leave(self, address: str, *, entered: bool) -> None:
        """A connection has ended; its seat says so."""
        if not entered:
            self._turned_away -= 1
            return
        self._all -= 1
        self._in[address] -= 1
        if not self._in[address]:
            del self._in[address]


class Seat:
    """One connection's, from when it is accepted until it has ended. `entered`: it may stay; `told`: one that may not is told why."""

    def __init__(self, door: Door, address: str, *, entered: bool, told: bool) -> None:
        self.entered = entered
        self.told = told
        self._door: Door | None = door
        self._address = address

    def leave(self) -> None:
        """The connection has ended. Twice is once."""
        if self._door is not None:
            self._door.leave(self._address, entered=self.entered)
            self._door = None


def whole_answer(kind: Kind, detail: str, headers: Mapping[str, str]) -> bytes:
    """A problem as the bytes of a whole answer, for who never gets as far as the application. The connection ends with it."""
    answer = render(kind, detail, "none", {**headers, "Connection": "close", "Cache-Control": "no-store"})
    first = f"HTTP/1.1 {answer.status_code} {HTTPStatus(answer.status_code).phrase}".encode()
    return b"\r\n".join([first, *(name + b": " + value for name, value in answer.raw_headers), b"", bytes(answer.body)])


FULL: Final = whole_answer(Kind.BUSY, "Too many connections are open; come again.", {"Retry-After": "5"})
