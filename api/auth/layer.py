"""The layer in front of every route: who asks? Without an answer to that nothing but the open routes is reached."""

from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.auth.guard import DENIED, PRINCIPAL
from api.auth.identity import Identity
from api.auth.peer import Peer, peer_of
from api.auth.principal import LOCAL, NOBODY, Principal
from api.auth.proof import same
from api.auth.trail import Act
from api.problems import Kind, render

COOKIE: Final = "__Host-hms-ach"
CSRF: Final = b"x-csrf-token"
PEER: Final = "hms.proved"
"""The certificate that the request came with, proved; None without one."""
WHO: Final = "hms.who"
"""A name for the trail where there is no principal: a route that makes one sets it."""
ABOUT: Final = "hms.about"
"""What an act is about, for the trail: of a sign-in the role, and the hospitals behind an @."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_NOTED: Final = frozenset({401, 403})
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="hms-ach"'}
_INVALID: Final = {"WWW-Authenticate": 'Bearer realm="hms-ach", error="invalid_token"'}


class Refusal(NamedTuple):
    """Why a request goes no further: the answer, and the words for the trail."""

    kind: Kind
    detail: str
    why: str
    headers: dict[str, str]


class Authentication:
    """Without an identity everybody is this machine: the settings then allow no other to connect. `is_open` knows the open routes."""

    def __init__(self, app: ASGIApp, identity: Identity | None, is_open: Callable[[str], bool]) -> None:
        self._app = app
        self._identity = identity
        self._is_open = is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._identity is None:
            scope[PRINCIPAL] = LOCAL
            scope[PEER] = None
            await self._app(scope, receive, send)
            return
        found = self._who(self._identity, scope)
        scope[PRINCIPAL] = NOBODY if isinstance(found, Refusal) else found
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            if isinstance(found, Refusal):
                scope[DENIED] = found.why
                response = render(found.kind, found.detail, scope["hms.request_id"], found.headers)
                await response(scope, receive, answer)
            else:
                await self._app(scope, receive, answer)
        finally:
            noted = status in _NOTED or scope.get(DENIED) or scope.get(WHO)
            if status != Kind.TOO_MANY.status and (noted or scope["method"] not in _SAFE):  # a flood does not fill the disk
                self._identity.trail.write(_act(scope, status))

    def _who(self, identity: Identity, scope: Scope) -> Principal | Refusal:
        headers = dict(scope["headers"])
        now_s = identity.now_s()
        peer = scope[PEER] = peer_of(scope, identity.proxies, headers, now_s)
        if self._is_open(scope["path"]):
            return NOBODY
        found = _bearer(identity, scope, peer) or _session(identity, scope, headers, now_s)
        if isinstance(found, Refusal):
            wait_s = identity.strangers.wait_s(_address(scope), now_s)
            return _slower(wait_s, found.why) if wait_s else found
        wait_s = identity.rates.wait_s(found.subject, now_s)
        return _slower(wait_s, "too often") if wait_s else found


def _bearer(identity: Identity, scope: Scope, peer: Peer | None) -> Principal | Refusal | None:
    """Who the Authorization header is; None without one."""
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if not given:
        return None
    scheme, _, text = given[0].decode("latin-1").partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer":
        return _not_accepted("not one bearer token")
    found = identity.bearer(text.strip(), peer)
    return _not_accepted(found) if isinstance(found, str) else found


def _session(identity: Identity, scope: Scope, headers: dict[bytes, bytes], now_s: float) -> Principal | Refusal:
    """Who the cookie is. What changes something must show besides that a page of ours sends it."""
    held = cookie(headers)
    person = identity.sessions.person(held, now_s) if held else None
    if person is None:
        why = "session unknown or over" if held else "no credentials"
        return Refusal(Kind.UNAUTHENTICATED, "Send an access token, or sign in.", why, _CHALLENGE)
    if scope["method"] not in _SAFE and not same(headers.get(CSRF, b"").decode("latin-1"), person.csrf):
        return Refusal(Kind.FORBIDDEN, "Send the session's token in X-CSRF-Token; GET /api/v1/session has it.", "no CSRF token", {})
    return person.principal()


def cookie(headers: dict[bytes, bytes], name: str = COOKIE) -> str:
    """The secret that the browser holds, by default the session's; empty without one."""
    try:
        found = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _not_accepted(why: str) -> Refusal:
    return Refusal(Kind.UNAUTHENTICATED, "The access token is not accepted.", why, _INVALID)


def _slower(wait_s: float, why: str) -> Refusal:
    return Refusal(Kind.TOO_MANY, "You ask too often; see Retry-After.", why, {"Retry-After": str(int(wait_s) + 1)})


def _address(scope: Scope) -> str:
    return str((scope.get("client") or ("", 0))[0])


def _act(scope: Scope, status: int) -> Act:
    who: Principal = scope[PRINCIPAL]
    route = getattr(scope.get("route"), "path_format", "")
    return Act(
        scope.get(WHO) or who.subject,
        who.role,
        scope["method"],
        route,
        status,
        str(scope.get(DENIED, "")),
        _address(scope),
        scope["hms.request_id"],
        str(scope.get(ABOUT, "")),
    )
