"""One webhook over real HTTP and TLS: fault 47, fault 46 at the connection, and certificates of both sides."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from journal.settings import Settings
from simulator.receiver import Inbox, check_of, serve
from sinks.outbox.courier import Answer
from sinks.webhooks.config import load
from sinks.webhooks.pinned import Resolve, system_resolver
from sinks.webhooks.post import Post, meaning
from sinks.webhooks.secrets_file import NAME
from tests.sinks.closing import run_to_the_end

NOW = datetime(2026, 3, 2, 14, 0, 0, tzinfo=UTC)


def settings_of(folder: Path, url: str, **more: str) -> Settings:
    return Settings.model_validate({"data_dir": folder, "webhook_url": url, "webhook_networks": "127.0.0.0/8", **more})


def sent(settings: Settings, *, resolve: Resolve = system_resolver, seconds: float = 5.0, now: datetime = NOW, times: int = 1) -> Answer:
    async def send() -> Answer:
        post = Post(load(settings), resolve, seconds)
        try:
            for _ in range(times):
                answer = await post.send("webhook-1", b'{"a":1}', now)
        finally:
            await post.close()
        return answer

    return run_to_the_end(send())


@contextmanager
def answering(reply: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that reads a request and then does as it likes; its URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def work() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                received = b""
                while b'{"a":1}' not in received:
                    received += connection.recv(65_536)
                try:
                    reply(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def raw(status: str, headers: str = "", body: bytes = b"") -> Callable[[socket.socket], None]:
    head = f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{headers}\r\n".encode()
    return lambda connection: connection.sendall(head + body)


ANSWERS = """
answer                                       outcome     down   says
200 OK                                       delivered   no     -
204 No Content                               delivered   no     -
302 Found Location:http://127.0.0.1/x        failed      no     redirects are not followed
307 Temporary Location:http://10.0.0.1/      failed      no     redirects are not followed
400 Bad Request                              failed      no     HTTP 400
401 Unauthorized                             failed      no     HTTP 401
410 Gone                                     gone        no     410 Gone
429 Slow Retry-After:120                     failed      yes    HTTP 429
500 Oh                                       failed      yes    HTTP 500
503 Busy Retry-After:7                       failed      yes    HTTP 503
"""


@pytest.mark.parametrize("line", ANSWERS.strip().splitlines()[1:])
def test_what_an_answer_means(line: str, tmp_path: Path) -> None:
    said, outcome, down, words = (part.strip() for part in line.split("  ") if part.strip())
    status, *header = said.split()
    headers = f"{header[-1].replace(':', ': ', 1)}\r\n" if ":" in header[-1] else ""
    with answering(raw(f"{status} x", headers)) as url:
        answer = sent(settings_of(tmp_path, url))
    assert (answer.outcome, answer.is_down, answer.status) == (outcome, down == "yes", int(status))
    assert words == "-" or words in answer.reason
    assert answer.retry_after_ms == {"429": 120_000, "503": 7000}.get(status, 0)
    assert answer.duration_ms >= 1


def test_a_huge_answer_is_not_read_to_its_end(tmp_path: Path) -> None:
    written = 0

    def pour(connection: socket.socket) -> None:
        nonlocal written
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
        while True:
            written += connection.send(b"x" * 65_536)

    with answering(pour) as url:
        assert sent(settings_of(tmp_path, url)).outcome == "delivered"
    assert written < 20_000_000


def slow(connection: socket.socket) -> None:
    """Each byte comes in time, the answer never."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


def slow_head(connection: socket.socket) -> None:
    """The same, before there is a status."""
    for byte in b"HTTP/1.1 200 OK\r\n" + b"x-a: " + b"y" * 100:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


@pytest.mark.parametrize("reply", [slow, slow_head, lambda _: time.sleep(1.5)])
def test_the_time_limit_holds_for_the_whole_answer(reply: Callable[[socket.socket], None], tmp_path: Path) -> None:
    began = time.monotonic()
    with answering(reply) as url:
        answer = sent(settings_of(tmp_path, url), seconds=0.4)
        took = time.monotonic() - began
    assert (answer.outcome, answer.reason, answer.is_down) == ("failed", "no answer within 0.4 s", True)
    assert took < 1.4


BROKEN = [b"", b"HTTP/1.1 200", b"nonsense\r\n\r\n", b"HTTP/1.1 999999 x\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"]


@pytest.mark.parametrize("answer", BROKEN)
def test_what_is_no_http_is_a_failure(answer: bytes, tmp_path: Path) -> None:
    with answering(lambda connection: connection.sendall(answer)) as url:
        assert sent(settings_of(tmp_path, url)).outcome == "failed"


def test_a_closed_port_is_a_failure_of_the_receiver_as_a_whole(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    answer = sent(settings_of(tmp_path, url))
    assert (answer.outcome, answer.is_down) == ("failed", True)


NAMES = """
the name leads to              refused because
127.0.0.1                      this machine
10.1.2.3                       public
169.254.169.254                link-local
::ffff:10.0.0.1                public
93.184.216.34 10.1.2.3         public
-                              no connection
"""


@pytest.mark.parametrize("line", NAMES.strip().splitlines()[1:])
def test_a_name_that_leads_inside_is_refused_at_the_connection(line: str, tmp_path: Path) -> None:
    led, why = line.rsplit("  ", 1)
    addresses = led.replace("-", "").split()

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    answer = sent(settings_of(tmp_path, "https://credit.example", webhook_networks=""), resolve=resolve)
    assert answer.outcome == "failed"
    assert why.strip() in answer.reason


@pytest.mark.parametrize("spelling", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_other_spellings_of_this_machine_are_refused(spelling: str, tmp_path: Path) -> None:
    answer = sent(settings_of(tmp_path, f"https://{spelling}", webhook_networks=""))
    assert answer.reason in ("refused: 127.0.0.1 is this machine", "no connection: the host cannot be resolved")


def test_dns_is_asked_once_for_a_connection_so_that_it_cannot_be_rebound(tmp_path: Path) -> None:
    inbox, asked = Inbox(), []

    async def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    settings = settings_of(tmp_path, "http://localhost:1")
    load(settings)
    server = serve(0, [check_of(line) for line in (tmp_path / NAME).read_text().splitlines()], inbox, lambda _: None)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = settings_of(tmp_path, f"http://localhost:{server.server_port}")
    try:
        assert sent(settings, resolve=resolve, now=datetime.now(UTC), times=3).outcome == "delivered"
    finally:
        server.shutdown()
        server.server_close()
    assert (asked, inbox.repeats, len(inbox.received)) == (["localhost"], 2, 1)


CERTIFICATES = """
receiver's certificate   ours       outcome
by the trusted           trusted    delivered
by the trusted           none       failed
by the trusted           other      failed
by another               trusted    failed
for another name         trusted    failed
"""


@pytest.mark.parametrize("line", CERTIFICATES.strip().splitlines()[1:])
def test_both_sides_show_certificates_in_a_real_handshake(line: str, tmp_path: Path) -> None:
    theirs, ours, outcome = (part.strip() for part in line.split("  ") if part.strip())
    trusted, other = trustme.CA(), trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.verify_mode = ssl.CERT_REQUIRED
    trusted.configure_trust(context)
    name = "other.example" if theirs == "for another name" else "localhost"
    (other if theirs == "by another" else trusted).issue_cert(name).configure_cert(context)
    trusted.cert_pem.write_to_path(tmp_path / "ca.pem")
    more = {"webhook_trust": str(tmp_path / "ca.pem")}
    if ours != "none":
        issued = (trusted if ours == "trusted" else other).issue_cert("hms@hospital.example")
        issued.private_key_and_cert_chain_pem.write_to_path(tmp_path / "client.pem")
        more["webhook_certificate"] = str(tmp_path / "client.pem")
    settings = settings_of(tmp_path, "https://localhost:1", **more)
    load(settings)
    inbox = Inbox()
    server = serve(0, [check_of(line) for line in (tmp_path / NAME).read_text().splitlines()], inbox, lambda _: None, context)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        answer = sent(settings_of(tmp_path, f"https://localhost:{server.server_port}", **more), now=datetime.now(UTC))
    finally:
        server.shutdown()
        server.server_close()
    assert answer.outcome == outcome
    assert len(inbox.received) == (outcome == "delivered")


def test_only_these_statuses_make_everything_wait() -> None:
    assert [status for status in range(100, 600) if meaning(status, 5).retry_after_ms] == [429, 503]
    assert [status for status in range(100, 600) if meaning(status).outcome == "delivered"] == list(range(200, 300))
