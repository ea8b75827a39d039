"""The receiver that CREDIT can copy, over real HTTP."""

import datetime as dt
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.auth import pki
from simulator.receiver import PATH, Inbox, check_of, main, serve
from sinks.webhooks.signing import headers, new_shared, parse

NOW = dt.datetime.now(dt.UTC)
SECRET = new_shared()
BODY = b'{"transaction_id":"t-1"}'


@contextmanager
def receiving(inbox: Inbox, told: list[str]) -> Iterator[int]:
    server = serve(0, [check_of(SECRET)], inbox, told.append)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def post(port: int, body: bytes = BODY, identity: str = "w-1", path: str = PATH, changed: tuple[str, str] = ("accept", "*/*")) -> int:
    sent = {name.decode(): value.decode() for name, value in headers([parse(SECRET)], identity, int(time.time()), body)}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("POST", path, body, {**sent, changed[0]: changed[1]})
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_webhook_is_taken_once_and_a_restart_knows_it(tmp_path: Path) -> None:
    told: list[str] = []
    inbox = Inbox(tmp_path / "kept")
    with receiving(inbox, told) as port:
        assert [post(port), post(port), post(port, identity="w-2")] == [204, 204, 204]
    assert [identity for identity, _ in inbox.received] == ["w-1", "w-2"]
    assert inbox.repeats == 1
    again = Inbox(tmp_path / "kept")
    assert again.received == inbox.received
    assert not again.take("w-1", {})


def test_without_a_secret_it_does_not_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It would refuse every webhook, and the sender would use up its attempts."""
    (tmp_path / "secrets").write_text("# none yet\n\n")
    with pytest.raises(SystemExit):
        main(["--secrets", str(tmp_path / "secrets"), "--port", "0"])
    assert "holds no secret" in capsys.readouterr().err


def test_who_says_nothing_under_tls_holds_up_nobody(tmp_path: Path) -> None:
    pair = pki.server(pki.authority("credit", NOW), ["127.0.0.1"], NOW)
    (tmp_path / "server.pem").write_bytes(pair.key + pair.certificate)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(tmp_path / "server.pem")
    server = serve(0, [check_of(SECRET)], Inbox(), lambda _line: None, tls)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    trusting = ssl.create_default_context(cadata=pair.certificate.decode())
    trusting.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    with socket.create_connection(("127.0.0.1", server.server_port)):
        connection = http.client.HTTPSConnection("127.0.0.1", server.server_port, timeout=5, context=trusting)
        connection.request("POST", PATH, BODY)
        assert connection.getresponse().status == 400
        connection.close()
    server.shutdown()
    server.server_close()


REFUSED = """
what                        status
another path                404
a changed body              401
a body too large            413
no length                   413
no signature                400
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines()[1:])
def test_what_is_refused(line: str) -> None:
    what, status = line.rsplit(None, 1)
    inbox, told = Inbox(), list[str]()
    with receiving(inbox, told) as port:
        match what.strip():
            case "another path":
                found = post(port, path="/")
            case "a changed body":
                found = post(port, changed=("webhook-id", "w-9"))
            case "a body too large":
                found = post(port, changed=("content-length", "70000"))
            case "no length":
                found = post(port, changed=("content-length", "many"))
            case _:
                found = post(port, changed=("webhook-signature", ""))
    assert found == int(status)
    assert not inbox.received
    assert told[0].startswith("refused: ")
