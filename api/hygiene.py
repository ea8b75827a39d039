"""What holds for every request and answer: an id, a host name that is ours, bounded bodies, headers that keep answers private."""

import re
import time
from collections.abc import Collection
from typing import Final
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from api.problems import Kind, Problem, render

BODY_BYTES_MAX: Final = 64 * 1024
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_CONTENT_SECURITY: Final = b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", _CONTENT_SECURITY),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Hygiene:
    """The outermost ASGI layer. `hosts` are the names under which the API may be asked; a page that makes a browser believe that its own
    name is this machine (DNS rebinding) is turned away."""

    def __init__(self, app: ASGIApp, metrics: Metrics, hosts: Collection[str]) -> None:
        self._app = app
        self._metrics = metrics
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        identity = given if _REQUEST_ID.fullmatch(given) else uuid4().hex.encode()
        scope["hms.request_id"] = identity.decode()
        began = time.perf_counter()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_missing(message["headers"]), (b"x-request-id", identity)]
            await send(message)

        try:
            refusal = self._refusal(headers)
            if refusal is not None:
                response = render(refusal[0], refusal[1], identity.decode())
                await response(scope, receive, answer)
                return
            await self._app(scope, _Bounded(receive), answer)
        finally:
            route = scope.get("route")
            path = getattr(route, "path_format", "") or ("unknown" if status != 421 else "refused")
            self._metrics.observe_request(scope["method"], path, status, time.perf_counter() - began)

    def _refusal(self, headers: dict[bytes, bytes]) -> tuple[Kind, str] | None:
        host = headers.get(b"host", b"").decode("latin-1").lower()
        name = host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]
        if name not in self._hosts:
            return Kind.MISDIRECTED, "Ask this API under one of its own names."
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length[:20]) > BODY_BYTES_MAX:
            return Kind.TOO_LARGE, _TOO_LARGE
        return None


_TOO_LARGE: Final = f"A body has at most {BODY_BYTES_MAX} bytes."


class _Bounded:
    """A `receive` that stops a body that grows too large, whatever its headers said."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._bytes = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > BODY_BYTES_MAX:
            raise Problem(Kind.TOO_LARGE, _TOO_LARGE)
        return message


def _missing(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The standing headers that an answer does not set itself."""
    have = {name.lower() for name, _ in headers}
    return [header for header in _HEADERS if header[0] not in have]
