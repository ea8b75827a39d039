"""SMS by an HTTP gateway. Providers differ; a gateway of a few lines in front of one speaks what is asked here."""

import asyncio
import ssl
from datetime import UTC, datetime
from typing import Final

import httpcore2
import msgspec

from sinks.notifications.carrier import SECONDS_MAX
from sinks.notifications.templates import Message
from sinks.outbox import events
from sinks.outbox.courier import Answer
from sinks.outbox.schedule import retry_after_ms
from sinks.outbox.unconnected import because
from sinks.webhooks.guard import Network
from sinks.webhooks.pinned import PinnedBackend, RefusedError

_ANSWER_BYTES_MAX: Final = 65_536


class SmsGateway:
    """SMS by HTTP: `POST {url}` with `{"id", "to", "text"}`, a bearer token and an Idempotency-Key; 2xx means accepted."""

    def __init__(self, url: str, endpoint: str, token: str, tls: ssl.SSLContext, allowed: tuple[Network, ...]) -> None:
        self._url, self._endpoint, self._token = url, endpoint, token
        self._pool = httpcore2.AsyncConnectionPool(ssl_context=tls, max_connections=8, network_backend=PinnedBackend(allowed))

    @property
    def name(self) -> str:
        """Scheme, host and port."""
        return self._endpoint

    async def carry(self, delivery_id: str, contact: str, message: Message) -> Answer:
        """A 4xx but 408 and 429 is final: the gateway will not take this one; everything else is tried again."""
        body = msgspec.json.encode({"id": delivery_id, "to": contact, "text": message.text})
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"authorization", f"Bearer {self._token}".encode()),
            (b"idempotency-key", delivery_id.encode()),
        ]
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS_MAX)
        try:
            async with (
                asyncio.timeout(SECONDS_MAX),
                self._pool.stream("POST", self._url, headers=headers, content=body, extensions={"timeout": timeouts}) as response,
            ):
                answer = _taken(response)
                read = 0
                async for chunk in response.aiter_stream():
                    read += len(chunk)
                    if read > _ANSWER_BYTES_MAX:
                        break
        except RefusedError as error:
            return Answer(events.FAILED, reason=f"refused: {error}", is_down=True)
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, OSError, TimeoutError) as error:
            return Answer(events.FAILED, reason=f"no connection: {because(error)}", is_down=True)
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.aclose()


def _taken(response: httpcore2.Response) -> Answer:
    status = response.status
    if 200 <= status < 300:
        return Answer(events.DELIVERED, status)
    if 400 <= status < 500 and status not in (401, 403, 408, 429):
        return Answer(events.UNDELIVERABLE, status, f"the gateway refused it: HTTP {status}")
    wish = next((value.decode("latin-1") for name, value in response.headers if name.lower() == b"retry-after"), "")
    wish_ms = retry_after_ms(wish, datetime.now(UTC)) if status in (429, 503) else 0
    return Answer(events.FAILED, status, f"HTTP {status}", wish_ms, is_down=True)
