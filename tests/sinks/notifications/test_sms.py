"""SMS over a real HTTP server that plays a gateway: fault 57."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sinks.notifications.sms import SmsGateway
from sinks.notifications.templates import Message
from sinks.outbox.courier import Answer
from sinks.webhooks.guard import networks
from tests.sinks.closing import run_to_the_end

MESSAGE = Message("", "Payment service: Your payment 4f3c21aa was approved. Reply STOP to end.")


class Gateway(ThreadingHTTPServer):
    """Takes SMS, answers as it is told."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        self.taken: list[tuple[str, dict[str, str], dict[str, str]]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(inner) -> None:  # noqa: N805 - self is the gateway
                body = json.loads(inner.rfile.read(int(inner.headers["content-length"])))
                self.taken.append((inner.path, {name.lower(): value for name, value in inner.headers.items()}, body))
                inner.send_response(status)
                for name, value in {"content-length": "0", **headers}.items():
                    inner.send_header(name, value)
                inner.end_headers()

            def log_message(inner, *_arguments: object) -> None:  # noqa: N805
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    @contextmanager
    def running(self) -> Iterator[str]:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{self.server_port}"
        finally:
            self.shutdown()
            self.server_close()


def carried(url: str, allowed: str = "127.0.0.0/8") -> Answer:
    async def carry() -> Answer:
        gateway = SmsGateway(f"{url}/messages", url, "token-1", ssl.create_default_context(), networks(allowed))
        try:
            return await gateway.carry("n-1", "+12025550101", MESSAGE)
        finally:
            await gateway.close()

    return run_to_the_end(carry())


def test_what_the_gateway_is_asked() -> None:
    gateway = Gateway(202, {})
    with gateway.running() as url:
        assert carried(url) == Answer("delivered", 202)
    ((path, headers, body),) = gateway.taken
    assert (path, body) == ("/messages", {"id": "n-1", "to": "+12025550101", "text": MESSAGE.text})
    assert (headers["authorization"], headers["idempotency-key"], headers["content-type"]) == ("Bearer token-1", "n-1", "application/json")


SAYS = """
status   outcome        down   wait
200      delivered      no     0
400      undeliverable  no     0
404      undeliverable  no     0
401      failed         yes    0
403      failed         yes    0
408      failed         yes    0
429      failed         yes    30000
500      failed         yes    0
503      failed         yes    30000
302      failed         yes    0
"""


@pytest.mark.parametrize("line", SAYS.strip().splitlines()[1:])
def test_what_a_gateway_says(line: str) -> None:
    status, outcome, down, wait = line.split()
    with Gateway(int(status), {"retry-after": "30", "location": "http://127.0.0.1/x"}).running() as url:
        answer = carried(url)
    assert (answer.outcome, answer.is_down, answer.retry_after_ms) == (outcome, down == "yes", int(wait))
    assert "555" not in answer.reason


def test_a_gateway_inside_is_refused_unless_allowed() -> None:
    with Gateway(200, {}).running() as url:
        assert carried(url, "10.0.0.0/8").reason == "refused: 127.0.0.1 is this machine"
