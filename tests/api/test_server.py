"""Handshakes that are never finished, over real sockets. Faults, row 60."""

import contextlib
import datetime as dt
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from api.auth import pki
from api.door import Door
from api.patience import PatientProtocol
from tests.api import socket_server
from tests.api.test_door import application, asked, connected, until_open

NOW = dt.datetime.now(dt.UTC)
OF_ONE = 4


class Hasty(socket_server.Ours):
    handshake_s = 0.3


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("server")
    ca = pki.authority("test", NOW)
    pair = pki.server(ca, ["127.0.0.1"], NOW)
    for name, content in (("ca.crt", ca.certificate), ("server.crt", pair.certificate), ("server.key", pair.key)):
        (folder / name).write_bytes(content)
    return folder


def configured(**files: Path) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=PatientProtocol,
        loop="uvloop",
        lifespan="off",
        log_config=None,
        ws="none",
        **files,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def served(request: pytest.FixtureRequest, secrets: Path) -> Iterator[tuple[int, ssl.SSLContext | None]]:
    """Port, and how a client speaks TLS to it."""
    files = {"ssl_certfile": secrets / "server.crt", "ssl_keyfile": secrets / "server.key"} if request.param == "tls" else {}
    config = configured(**files)
    with socket_server.served(config, kind=Hasty) as port:
        yield port, ssl.create_default_context(cafile=secrets / "ca.crt") if files else None


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


def test_row_60_who_says_nothing_is_counted_and_others_get_in(secrets: Path) -> None:
    """Silent connections of one address take all its seats before any handshake; another address is served, and so is the first again when
    they are gone."""
    door = Door(OF_ONE + 1, OF_ONE)
    context = ssl.create_default_context(cafile=secrets / "ca.crt")
    config = configured(ssl_certfile=secrets / "server.crt", ssl_keyfile=secrets / "server.key")

    def answer(port: int, address: str) -> bytes:
        with connected(port, address) as bare, context.wrap_socket(bare, server_hostname="127.0.0.1") as connection:
            return asked(connection)

    with socket_server.served(config, "0.0.0.0", kind=lambda config: socket_server.Ours(config, door)) as port:
        with contextlib.ExitStack() as opened:
            for _ in range(OF_ONE):
                opened.enter_context(connected(port))
            assert answer(port, "127.0.0.1").startswith(b"HTTP/1.1 503 ")
            assert door.open == OF_ONE
            assert answer(port, "127.0.0.2").startswith(b"HTTP/1.1 200 ")
        until_open(door, 0)
        assert answer(port, "127.0.0.1").startswith(b"HTTP/1.1 200 ")
