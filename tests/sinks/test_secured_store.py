"""TLS to a ClickHouse server, by real handshakes: its certificate is checked, ours is shown. Who answers here is no ClickHouse: it only
says who came."""

import datetime as dt
import http.server
import queue
import ssl
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from clickhouse_connect.driver.exceptions import Error

from api.auth import pki
from cli.environment import to_environment
from journal.settings import Settings
from sinks.clickhouse import __main__ as sink_process
from sinks.clickhouse.database import Database

NOW = dt.datetime.now(dt.UTC)


class SaysWhoCame(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        peer = cast("ssl.SSLSocket", self.connection).getpeercert() or {}
        names = [value for part in cast("Any", peer["subject"]) for name, value in part if name == "commonName"]
        body = f"{names[0]} came".encode()
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 - the library's name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """The test's output is no place for it."""


class Server(http.server.ThreadingHTTPServer):
    """Keeps why handshakes failed: whoever was turned away may see the connection end before the alert that says so."""

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, SaysWhoCame)
        self.refused: queue.SimpleQueue[str] = queue.SimpleQueue()

    def handle_error(self, request: object, client_address: object) -> None:
        self.refused.put(str(sys.exc_info()[1]))


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates: the server's, ours, and one of an authority that nobody trusts."""
    folder = tmp_path_factory.mktemp("secrets")
    ca, other = pki.authority("clickhouse", NOW), pki.authority("somebody else's", NOW)
    pairs = {
        "ca": ca,
        "other-ca": other,
        "server": pki.server(ca, ["127.0.0.1"], NOW),
        "own": pki.client(ca, "the-sink", NOW),
        "foreign": pki.client(other, "the-sink", NOW),
    }
    for name, pair in pairs.items():
        (folder / f"{name}.crt").write_bytes(pair.certificate)
        (folder / f"{name}.key").write_bytes(pair.key)
    return folder


@pytest.fixture(scope="module")
def server(secrets: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(secrets / "server.crt", secrets / "server.key")
    context.load_verify_locations(secrets / "ca.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    with Server(("127.0.0.1", 0)) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(10)


@pytest.mark.parametrize(
    ("authority", "certificate", "told", "refused"),
    [
        ("ca", "own", "the-sink came", None),
        ("other-ca", "own", "certificate verify failed", "UNKNOWN_CA"),
        ("ca", "foreign", None, "CERTIFICATE_VERIFY_FAILED"),
        ("ca", None, None, "PEER_DID_NOT_RETURN_A_CERTIFICATE"),
    ],
    ids=["both trust each other", "another authority's server", "our certificate is of another authority", "no certificate"],
)
def test_the_settings_decide_who_is_spoken_to_and_as_whom(
    tmp_path: Path, secrets: Path, server: Server, authority: str, certificate: str | None, told: str | None, refused: str | None
) -> None:
    settings = Settings(
        data_dir=tmp_path,
        clickhouse_dsn=f"https://sink:secret@127.0.0.1:{server.server_port}/default",
        clickhouse_ca=secrets / f"{authority}.crt",
        clickhouse_certificate=secrets / f"{certificate}.crt" if certificate else None,
        clickhouse_key=secrets / f"{certificate}.key" if certificate else None,
    )
    with pytest.raises(Error, match=told):
        Database(settings)
    while refused is not None and refused not in server.refused.get(timeout=10):
        """An attempt before this one was refused as well."""


def test_the_sink_says_in_one_sentence_why_it_cannot_start(
    tmp_path: Path, secrets: Path, server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in to_environment(
        Settings(
            data_dir=tmp_path,
            clickhouse_dsn=f"https://sink:secret@127.0.0.1:{server.server_port}/default",
            clickhouse_ca=secrets / "other-ca.crt",
        )
    ).items():
        monkeypatch.setenv(name, value)
    assert sink_process.main() == 1
    assert caplog.messages[-1].startswith("the sink cannot start: ")
    assert "certificate verify failed" in caplog.messages[-1]
    assert "secret" not in caplog.messages[-1]
