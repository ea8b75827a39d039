"""One webhook on its way: a POST, and what its answer means."""

import asyncio
import time
from datetime import datetime
from typing import Final

import httpcore2

from sinks.outbox import events
from sinks.outbox.courier import Answer
from sinks.outbox.schedule import retry_after_ms
from sinks.outbox.unconnected import because
from sinks.webhooks.config import Config
from sinks.webhooks.pinned import PinnedBackend, RefusedError, Resolve, system_resolver
from sinks.webhooks.signing import headers

SECONDS_MAX: Final = 15.0
"""from the first look at DNS to the answer's last byte that is read"""
ANSWER_BYTES_MAX: Final = 65_536
"""of an answer so much is read to keep the connection; a longer one costs the receiver its connection"""
_KEEP_SECONDS = 30.0
_FIXED = [(b"content-type", b"application/json"), (b"user-agent", b"HMS-ACH-Webhooks/1"), (b"accept", b"*/*")]


class Post:
    """Connections to one receiver. It follows no redirect, uses no proxy, and keeps no cookie."""

    def __init__(self, config: Config, resolve: Resolve = system_resolver, seconds_max: float = SECONDS_MAX) -> None:
        self._config = config
        self._seconds_max = seconds_max
        self._timeout = dict.fromkeys(("connect", "read", "write", "pool"), seconds_max)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=config.tls,
            max_connections=config.concurrency,
            max_keepalive_connections=config.concurrency,
            keepalive_expiry=_KEEP_SECONDS,
            network_backend=PinnedBackend(config.allowed, resolve),
        )

    async def send(self, webhook_id: str, body: bytes, now: datetime) -> Answer:
        """Send it once. Whatever goes wrong is in the answer, in words that hold nothing of what was sent or answered."""
        began = time.monotonic()
        answer = await self._tried(webhook_id, body, now)
        return answer._replace(duration_ms=max(1, int((time.monotonic() - began) * 1000)))

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.aclose()

    async def _tried(self, webhook_id: str, body: bytes, now: datetime) -> Answer:
        try:
            async with asyncio.timeout(self._seconds_max):
                return await self._sent(webhook_id, body, now)
        except (TimeoutError, httpcore2.TimeoutException):
            return Answer(events.FAILED, reason=f"no answer within {self._seconds_max:g} s", is_down=True)
        except RefusedError as error:
            return Answer(events.FAILED, reason=f"refused: {error}", is_down=True)
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:  # with TLS 1.3 our certificate is refused in a read
            return Answer(events.FAILED, reason=f"no connection: {because(error)}", is_down=True)

    async def _sent(self, webhook_id: str, body: bytes, now: datetime) -> Answer:
        signed = headers(self._config.secrets, webhook_id, int(now.timestamp()), body)
        length = [(b"content-length", str(len(body)).encode())]
        async with self._pool.stream(
            "POST", self._config.url, headers=[*_FIXED, *signed, *length], content=body, extensions={"timeout": self._timeout}
        ) as response:
            wish = next((value.decode("latin-1") for name, value in response.headers if name.lower() == b"retry-after"), "")
            answer = meaning(response.status, retry_after_ms(wish, now) if wish else 0)
            read = 0
            async for chunk in response.aiter_stream():
                read += len(chunk)
                if read > ANSWER_BYTES_MAX:
                    break
        return answer


def meaning(status: int, wish_ms: int = 0) -> Answer:
    """What a status says: 2xx has arrived, 410 wants nothing more, everything else is tried again."""
    if 200 <= status < 300:
        return Answer(events.DELIVERED, status)
    if status == 410:
        return Answer(events.GONE, status, "the receiver answered 410 Gone")
    if 300 <= status < 400:
        return Answer(events.FAILED, status, f"HTTP {status}: redirects are not followed")
    down = status >= 500 or status == 429
    return Answer(events.FAILED, status, f"HTTP {status}", wish_ms if status in (429, 503) else 0, down)
