"""OAuth 2.0 for clients: the token endpoint (client credentials), its metadata (RFC 8414), and the keys that tokens are signed with."""

import asyncio
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from api.auth.form import form_of
from api.auth.guard import DENIED, open_to_all
from api.auth.identity import AUDIENCE, Identity, TokenRefusal
from api.auth.keys import ALGORITHM
from api.auth.layer import PEER, WHO
from api.auth.proof import ALGORITHMS, METHODS
from api.auth.scopes import Scope
from api.models.common import Answer
from api.problems import Kind, Problem
from api.responses import problems

router = APIRouter(tags=["identity"], dependencies=[open_to_all()])
METADATA: Final = "/.well-known/oauth-authorization-server"
JWKS: Final = "/.well-known/jwks.json"
_FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "const": "client_credentials"},
        "client_id": {"type": "string"},
        "scope": {"type": "string", "description": "Fewer than the client has; all of them if left out."},
        "client_assertion_type": {"type": "string"},
        "client_assertion": {"type": "string", "description": "RFC 7523; its audience is the issuer."},
        "client_secret": {"type": "string", "description": "In development alone."},
    },
}


class Token(Answer):
    """An access token (RFC 9068), good for the certificate that it was asked for with."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the word of RFC 6750
    expires_in: int = Field(description="Seconds.")
    scope: str


class TokenProblem(Answer):
    """Why there is no token (RFC 6749 section 5.2)."""

    error: str
    error_description: str


class KeySet(Answer):
    """Public keys (RFC 7517)."""

    keys: list[dict[str, Any]]


async def identity_of(request: Request) -> Identity:
    """The application's identity. Raises Problem (404) while authentication is off."""
    found = request.app.state.identity
    if found is None:
        raise Problem(Kind.NOT_FOUND, "Authentication is off: this machine alone can ask, and needs no token.")
    assert isinstance(found, Identity)
    return found


Known = Annotated[Identity, Depends(identity_of)]


@router.post(
    "/oauth/token",
    summary="An access token for a client",
    response_model=Token,
    openapi_extra={"requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": _FORM}}}},
    responses={
        400: {"model": TokenProblem, "description": "The request is not one that can be granted."},
        401: {"model": TokenProblem, "description": "The client did not prove itself."},
        **problems(Kind.NOT_FOUND, Kind.TOO_LARGE, Kind.UNSUPPORTED_MEDIA_TYPE, Kind.TOO_MANY),
    },
)
async def issue(identity: Known, request: Request) -> Response:
    """Client credentials (RFC 6749 section 4.4). The client proves itself by its certificate (RFC 8705) or by a signed assertion
    (`private_key_jwt`), in development also by a secret; the token is bound to the connection's certificate."""
    wait_s = identity.strangers.wait_s(str(request.client.host if request.client else ""), identity.now_s())
    if wait_s:
        raise Problem(Kind.TOO_MANY, "You ask too often; see Retry-After.", headers={"Retry-After": str(int(wait_s) + 1)})
    try:
        form = await form_of(request)
    except Problem as problem:
        if problem.kind is not Kind.BAD_REQUEST:
            raise
        return _refused(request, TokenRefusal("invalid_request", str(problem.detail), "", "form"))
    authorization = request.headers.getlist("authorization")
    peer = request.scope[PEER]
    found = await asyncio.to_thread(identity.grant, form, authorization[0] if authorization else "", peer)
    if isinstance(found, TokenRefusal):
        return _refused(request, found)
    request.scope[WHO] = form.get("client_id", "")
    return JSONResponse({**found._asdict(), "token_type": "Bearer"}, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


@router.get(JWKS, summary="The keys that tokens are signed with", responses=problems(Kind.NOT_FOUND))
async def keys(identity: Known) -> KeySet:
    """Keys are here before they sign, and until the last token that they signed is over. Keep them for a minute, not longer."""
    return KeySet(keys=identity.keys.published())


@router.get(METADATA, summary="What the token endpoint can do", response_model=dict[str, Any], responses=problems(Kind.NOT_FOUND))
async def metadata(identity: Known) -> JSONResponse:
    """RFC 8414 and RFC 8705."""
    return JSONResponse(
        {
            "issuer": identity.name,
            "token_endpoint": f"{identity.name}/oauth/token",
            "jwks_uri": f"{identity.name}{JWKS}",
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "scopes_supported": [str(scope) for scope in Scope],
            "token_endpoint_auth_methods_supported": list(METHODS),
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "access_token_signing_alg_values_supported": [ALGORITHM],
            "tls_client_certificate_bound_access_tokens": True,
            "resource": AUDIENCE,
        }
    )


def _refused(request: Request, refusal: TokenRefusal) -> Response:
    request.scope[DENIED] = refusal.why
    request.scope[WHO] = refusal.client
    unknown = refusal.error == "invalid_client"
    return JSONResponse(
        {"error": refusal.error, "error_description": refusal.description},
        401 if unknown else 400,
        {"Cache-Control": "no-store", **({"WWW-Authenticate": 'Basic realm="hms-ach"'} if unknown else {})},
    )
