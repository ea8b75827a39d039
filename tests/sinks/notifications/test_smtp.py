"""E-mail over a real mail server, TLS and all: fault 57."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from sinks.notifications.smtp import Login, Smtp
from sinks.notifications.templates import Message
from sinks.outbox.courier import Answer
from tests.sinks.closing import run_to_the_end

MESSAGE = Message("Payment service: Payment approved", "Your payment 4f3c21aa was approved.\n")


class Box:
    """What a mail server took, and what it says to a recipient."""

    def __init__(self, says: str = "250 OK") -> None:
        self.says = says
        self.taken: list[Envelope] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802
        if self.says.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.says

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        return "250 OK"


@contextmanager
def server(box: Box, **options: Any) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def carried(smtp: Smtp, times: int = 1) -> Answer:
    async def carry() -> Answer:
        for _ in range(times):
            answer = await smtp.carry("n-1", "a@patients.example", MESSAGE)
        return answer

    return run_to_the_end(carry())


def test_a_message_arrives_as_it_was_composed() -> None:
    box = Box()
    with server(box) as port:
        assert carried(Smtp("127.0.0.1", port, "none", None, "payments@hospital.example"), times=2).outcome == "delivered"
    first, second = (message_from_bytes(envelope.content or b"", policy=default) for envelope in box.taken)  # type: ignore[arg-type]
    assert box.taken[0].rcpt_tos == ["a@patients.example"]
    assert (first["Subject"], first["From"], first.get_content().replace("\r\n", "\n")) == (
        MESSAGE.subject,
        "payments@hospital.example",
        MESSAGE.text,
    )
    assert first["Message-ID"] == second["Message-ID"] == "<n-1@hospital.example>"
    assert first["Auto-Submitted"] == "auto-generated"


SAYS = """
the server says            outcome        down
250 OK                     delivered      no
550 no such user           undeliverable  no
552 too much               undeliverable  no
450 busy                   failed         no
421 going away             failed         no
"""


@pytest.mark.parametrize("line", SAYS.strip().splitlines()[1:])
def test_what_a_mail_server_says(line: str) -> None:
    says, outcome, down = (part.strip() for part in line.split("  ") if part.strip())
    with server(Box(says)) as port:
        answer = carried(Smtp("127.0.0.1", port, "none", None, "payments@hospital.example"))
    assert (answer.outcome, answer.is_down) == (outcome, down == "yes")
    assert "patients.example" not in answer.reason
    assert "no such user" not in answer.reason


def test_a_server_that_is_down_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    answer = carried(Smtp("127.0.0.1", port, "none", None, "payments@hospital.example"))
    assert (answer.outcome, answer.is_down) == ("failed", True)


def test_starttls_and_login() -> None:
    authority = trustme.CA()
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(theirs)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    box = Box()

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"hms", b"secret"), handled=False)

    with server(box, tls_context=theirs, require_starttls=True, authenticator=authenticate, auth_required=True) as port:
        login = Login("hms", "secret")
        assert carried(Smtp("localhost", port, "starttls", login, "p@h.example", trusting)).outcome == "delivered"
        wrong = carried(Smtp("localhost", port, "starttls", Login("hms", "guess"), "p@h.example", trusting))
        untrusted = carried(Smtp("localhost", port, "starttls", login, "p@h.example"))
        plain = carried(Smtp("localhost", port, "none", None, "p@h.example"))
    assert (wrong.outcome, wrong.reason, wrong.is_down) == ("failed", "the mail server does not know us", True)
    assert (untrusted.outcome, untrusted.is_down) == ("failed", True)
    assert plain.outcome != "delivered"
    assert len(box.taken) == 1
    assert "secret" not in repr(login)
