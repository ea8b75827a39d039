"""Handshakes that are never finished, over real sockets. Faults, row 60."""

import contextlib
import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from api.auth import pki
from api.server import Server
from tests.api import socket_server
from tests.api.test_door import application

NOW = dt.datetime.now(dt.UTC)


class Hasty(Server):
    handshake_s = 0.3

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        """It runs in a thread of the test, which gets no signals."""
        return contextlib.nullcontext()


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("server")
    ca = pki.authority("test", NOW)
    pair = pki.server(ca, ["127.0.0.1"], NOW)
    for name, content in (("ca.crt", ca.certificate), ("server.crt", pair.certificate), ("server.key", pair.key)):
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def served(request: pytest.FixtureRequest, secrets: Path) -> Iterator[tuple[int, ssl.SSLContext | None]]:
    """Port, and how a client speaks TLS to it."""
    files = {"ssl_certfile": secrets / "server.crt", "ssl_keyfile": secrets / "server.key"} if request.param == "tls" else {}
    config = uvicorn.Config(application, lifespan="off", log_config=None, ws="none", **files)  # type: ignore[arg-type]
    with socket_server.served(config, kind=Hasty) as port:
        yield port, ssl.create_default_context(cafile=secrets / "ca.crt") if files else None


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


@pytest.mark.parametrize("served", ["tls", "plain"], indirect=True)
def test_who_speaks_is_answered(served: tuple[int, ssl.SSLContext | None]) -> None:
    port, context = served
    with connected(port) as bare, context.wrap_socket(bare, server_hostname="127.0.0.1") if context else bare as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        told = b""
        while more := connection.recv(4096):
            told += more
        assert told.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("served", ["tls"], indirect=True)
@pytest.mark.parametrize("sent", [b"", b"\x16\x03\x01\x02\x00\x01"], ids=["silent", "half a greeting"])
def test_row_60_a_handshake_that_is_not_finished_is_ended(served: tuple[int, ssl.SSLContext | None], sent: bytes) -> None:
    port, _ = served
    with connected(port) as silent:
        silent.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            assert silent.recv(1) == b""
