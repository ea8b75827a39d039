"""Slow requests over real sockets. Faults, row 60."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from api.auth.peer import peer_protocol
from api.patience import WHOLE_S, PatientProtocol
from tests.api.socket_server import served

ANSWER = b"HTTP/1.1 200 OK"


class Hasty(PatientProtocol):
    whole_s = 0.3


async def slow_application(scope: Any, receive: Any, send: Any) -> None:
    """Reads the request, and takes longer for the answer than a request may take."""
    while (await receive()).get("more_body"):
        continue
    await asyncio.sleep(Hasty.whole_s * 3)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served(uvicorn.Config(slow_application, http=Hasty, lifespan="off", log_config=None, ws="none")) as found:
        yield found


@contextlib.contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        yield connection


def received(connection: socket.socket) -> bytes:
    """What comes next; nothing when the connection has been ended."""
    try:
        return connection.recv(4096)
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\n", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"],
    ids=["silent", "half a line", "half a head", "half a body"],
)
def test_who_does_not_come_to_an_end_is_hung_up_on(port: int, sent: bytes) -> None:
    with connected(port) as connection:
        connection.sendall(sent)
        assert received(connection) == b""


def test_a_whole_request_is_answered_however_long_that_takes_and_the_next_one_may_not_dawdle(port: int) -> None:
    with connected(port) as connection:
        for _ in range(2):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            told = received(connection)
            assert told.startswith(ANSWER)
            while not told.endswith(b"ok"):
                told += received(connection)
        connection.sendall(b"GET / HTTP/1.1\r\nHo")
        assert received(connection) == b""


@pytest.mark.parametrize(
    "sent",
    [(b"\x16\x03\x01 no HTTP\r\n\r\n",), (b"GET / HTTP/1.1\r\nAuthorization: Bearer ".ljust(65_530, b"a"), b"a" * 10)],
    ids=["no HTTP", "row 34: a token without end"],
)
def test_what_cannot_be_read_is_a_problem_as_well(port: int, sent: tuple[bytes, ...]) -> None:
    with connected(port) as connection:
        for part in sent:
            connection.sendall(part)
        told = received(connection)
    assert told.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"content-type: application/problem+json" in told
    assert b'"type":"urn:hms-ach:problem:bad-request"' in told


def test_the_servers_own_protocol_waits_so_long_and_no_longer() -> None:
    assert peer_protocol(lambda _: False).whole_s == WHOLE_S == 30
