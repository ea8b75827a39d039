"""Too many connections over real sockets: who comes last is told so, who is in is served. Faults, row 60."""

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from api.door import Door
from api.patience import PatientProtocol
from tests.api import socket_server

MOST = 10
DOOR = Door(MOST, MOST - 2, {"192.0.2.1"})


async def application(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    config = uvicorn.Config(application, http=PatientProtocol, lifespan="off", log_config=None, ws="none")
    with socket_server.served(config, "0.0.0.0", kind=lambda config: socket_server.Ours(config, DOOR)) as found:
        yield found


@contextlib.contextmanager
def connected(port: int, address: str = "127.0.0.1") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(address, 0)) as connection:
        yield connection


def asked(connection: socket.socket) -> bytes:
    """The whole answer to one request; the server ends the connection where it says so."""
    connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    told = b""
    while not told.endswith((b"ok", b"}")) and (more := connection.recv(4096)):
        told += more
    return told


def served(connection: socket.socket) -> bool:
    return asked(connection).startswith(b"HTTP/1.1 200 ")


def until_open(door: Door, connections: int) -> None:
    """The server has noticed who came and who went."""
    deadline = time.monotonic() + 20
    while door.open != connections:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_row_60_who_finds_no_room_is_told_so_and_the_others_are_served(port: int) -> None:
    with contextlib.ExitStack() as opened:
        first = [opened.enter_context(connected(port)) for _ in range(MOST - 2)]
        assert all(served(connection) for connection in first)
        for _ in range(3):
            late = opened.enter_context(connected(port))
            head, _, body = asked(late).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 503 ")
            assert {b"retry-after: 5", b"content-type: application/problem+json"} <= set(head.lower().splitlines())
            assert json.loads(body)["type"] == "urn:hms-ach:problem:busy"
            assert late.recv(1) == b""
        assert all(served(connection) for connection in first)
        other = [opened.enter_context(connected(port, "127.0.0.2")) for _ in range(2)]
        assert all(served(connection) for connection in other), "another address has room, whatever the first one takes"
        assert not served(opened.enter_context(connected(port, "127.0.0.3"))), "all is full"
    until_open(DOOR, 0)
    with connected(port) as again:
        assert served(again)


def test_row_60_a_flood_holds_no_more_than_its_share(port: int) -> None:
    """Hundreds of connections that say nothing: beyond those that are let in they are ended, most of them at once."""
    until_open(DOOR, 0)
    with contextlib.ExitStack() as opened:
        flood = [opened.enter_context(connected(port)) for _ in range(300)]
        for connection in flood[MOST - 2 + 100 :]:
            with contextlib.suppress(ConnectionResetError):
                assert connection.recv(1) == b""
        assert DOOR.open == MOST - 2
        with connected(port, "127.0.0.2") as other:
            assert served(other)


def test_a_proxy_stands_for_many() -> None:
    door = Door(3, 1, {"192.0.2.1"})
    seats = [door.enter(address) for address in ("192.0.2.1", "192.0.2.1", "192.0.2.9", "192.0.2.1")]
    assert [seat.entered for seat in seats] == [True, True, True, False]
    for seat in (*seats[2:], seats[2]):  # whoever has left leaves no more
        seat.leave()
    assert door.open == 2
    assert [door.enter("192.0.2.8").entered, door.enter("192.0.2.8").entered] == [True, False]
