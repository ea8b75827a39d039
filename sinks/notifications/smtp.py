"""E-mail by a mail server (RFC 5321)."""

import asyncio
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import NamedTuple

import aiosmtplib

from sinks.notifications.carrier import SECONDS_MAX
from sinks.notifications.templates import Message
from sinks.outbox import events
from sinks.outbox.courier import Answer
from sinks.outbox.unconnected import because


class Login(NamedTuple):
    """Who we are to a mail server."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Login(…)"


class Smtp:
    """E-mail by a mail server. `tls` is starttls, tls or none."""

    def __init__(self, host: str, port: int, tls: str, login: Login | None, sender: str, context: ssl.SSLContext | None = None) -> None:
        self._host, self._port, self._tls, self._login, self._sender = host, port, tls, login, sender
        self._context = context

    @property
    def name(self) -> str:
        """Host and port."""
        return f"smtp://{self._host}:{self._port}"

    async def carry(self, delivery_id: str, contact: str, message: Message) -> Answer:
        """A connection for each message: there are few. A 5xx is final, everything else is tried again."""
        try:
            async with asyncio.timeout(SECONDS_MAX):
                await aiosmtplib.send(
                    self._mail(delivery_id, contact, message),
                    hostname=self._host,
                    port=self._port,
                    use_tls=self._tls == "tls",
                    start_tls=self._tls == "starttls",
                    tls_context=self._context,
                    username=self._login.user if self._login else None,
                    password=self._login.password if self._login else None,
                    timeout=SECONDS_MAX,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refused(error.recipients[0].code)
        except aiosmtplib.SMTPAuthenticationError as error:
            return Answer(events.FAILED, error.code, "the mail server does not know us", is_down=True)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error.code)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Answer(events.FAILED, reason=f"no connection: {because(error)}", is_down=True)
        return Answer(events.DELIVERED, 250)

    async def close(self) -> None:
        """Nothing is kept open."""

    def _mail(self, delivery_id: str, contact: str, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, contact, message.subject
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = f"<{delivery_id}@{self._sender.rpartition('@')[2]}>"  # the same in every attempt: mail programs show it once
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail


def _refused(code: int) -> Answer:
    """A mail server's word: 5xx will not change."""
    if 500 <= code < 600:
        return Answer(events.UNDELIVERABLE, code, f"the mail server refused it: {code}")
    return Answer(events.FAILED, code, f"the mail server said {code}")
