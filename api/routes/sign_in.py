"""People who sign in with an OpenID provider: the way there, and the way back."""

import asyncio
from html import escape
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.auth.guard import DENIED, open_to_all
from api.auth.identity import Identity
from api.auth.layer import WHO, cookie
from api.auth.sign_in import CALLBACK, SignIn, Turned
from api.plain import plain
from api.problems import Kind, Problem
from api.routes.oauth import Known
from api.routes.session import begun

ASKED: Final = "__Host-hms-ach-asked"
"""the cookie that binds a sign-in to its browser; Lax, for the provider's site sends the browser back"""
_MINUTES: Final = 10
_FIELD_MAX: Final = 4096
router = APIRouter(include_in_schema=False, dependencies=[open_to_all()])


@router.get("/login/provider")
async def leave(identity: Known, request: Request) -> Response:
    """To the provider. Whoever is sent here by another site's page signs in as themselves, so that is no harm."""
    found = await asyncio.to_thread(_sign_in(identity, request).begin, identity.now_s())
    if isinstance(found, Turned):
        return _turned(request, found)
    place, held = found
    answer = RedirectResponse(place, 303)
    answer.set_cookie(ASKED, held, max_age=_MINUTES * 60, path="/", secure=True, httponly=True, samesite="lax")
    return answer


@router.get(CALLBACK)
async def come_back(identity: Known, request: Request) -> Response:
    """What the provider says, believed once, from the browser that asked. It leads to the page and nowhere else."""
    sign_in = _sign_in(identity, request)
    given = request.query_params.multi_items()
    if len(dict(given)) != len(given) or any(len(value) > _FIELD_MAX for _, value in given):
        raise Problem(Kind.BAD_REQUEST, "The answer names a field twice, or is too long.")
    held = cookie(dict(request.scope["headers"]), ASKED)
    person = await sign_in.finish(held, dict(given), identity.now_s())
    if isinstance(person, Turned):
        return _turned(request, person)
    answer = begun(identity, request, identity.sessions.open(person, identity.now_s()))
    answer.delete_cookie(ASKED, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def _sign_in(identity: Identity, request: Request) -> SignIn:
    """Raises Problem (404) while no provider is configured, (429) for who asks too often."""
    if identity.sign_in is None:
        raise Problem(Kind.NOT_FOUND, "No OpenID provider is configured.")
    wait_s = identity.strangers.wait_s(str(request.client.host if request.client else ""), identity.now_s())
    if wait_s:
        raise Problem(Kind.TOO_MANY, "You ask too often; see Retry-After.", headers={"Retry-After": str(int(wait_s) + 1)})
    return identity.sign_in


def _turned(request: Request, turned: Turned) -> Response:
    request.scope[DENIED] = turned.why
    request.scope[WHO] = turned.who
    return plain("Sign in", f"<p role=alert>{escape(turned.words)}</p><p><a href=/login>Sign in</a></p>", turned.status)
