"""How the OpenAPI document speaks of problems: one schema, one media type, the status codes each route can give."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.auth.guard import Needs, declared
from api.auth.layer import COOKIE
from api.auth.scopes import MEANING
from api.problems import MEDIA_TYPE, Kind, ProblemDetails

_PROBLEM_REF: Final = "#/components/schemas/ProblemDetails"
_FASTAPIS: Final = "#/components/schemas/HTTPValidationError"
_ALWAYS: Final = (Kind.MISDIRECTED, Kind.INTERNAL)

_GUARDED: Final = (Kind.UNAUTHENTICATED, Kind.FORBIDDEN, Kind.INVALID, Kind.TOO_MANY)
_SCHEMES: Final[dict[str, Any]] = {
    "client": {
        "type": "oauth2",
        "description": "Over mutual TLS; the token is bound to the certificate (RFC 8705).",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {str(scope): text for scope, text in MEANING.items()}}},
    },
    "person": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "A session; `hms-ach login` makes the link to begin one."},
}

Responses = dict[int | str, dict[str, Any]]


def problems(*kinds: Kind) -> Responses:
    """The `responses` of a route that can give these problems, besides those that every route can give."""
    by_status: dict[int | str, list[str]] = {}
    for kind in (*kinds, *_ALWAYS):
        by_status.setdefault(kind.status, []).append(f"{kind.title} (`{kind.code}`).")
    return {status: {"model": ProblemDetails, "description": " ".join(titles)} for status, titles in by_status.items()}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document. FastAPI gives every answer the route's media type; problems have their own."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    asks = {(each.method.lower(), each.path): each.asks for each in declared(app)}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for response in operation["responses"].values():
                _as_problem(response)
            needed = asks[method, path]
            if isinstance(needed, Needs):
                _guarded(operation, needed)
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    document["components"]["securitySchemes"] = _SCHEMES
    return document


def _guarded(operation: dict[str, Any], needed: Needs) -> None:
    """Which scope it takes, and the answers that every route behind one can give."""
    scopes = [str(scope) for scope in (needed.scope, needed.other) if scope]
    operation["security"] = [*({"client": [scope]} for scope in scopes), *([] if scopes else [{"client": []}]), {"person": []}]
    for kind in _GUARDED:
        response = operation["responses"].setdefault(str(kind.status), {"description": f"{kind.title} (`{kind.code}`)."})
        response["content"] = {MEDIA_TYPE: {"schema": {"$ref": _PROBLEM_REF}}}
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _as_problem(response: dict[str, Any]) -> None:
    for content in list(response.get("content", {}).values()):
        reference = content.get("schema", {}).get("$ref", "")
        if reference == _FASTAPIS:
            response["description"] = f"{Kind.INVALID.title} (`{Kind.INVALID.code}`)."
        if reference in {_PROBLEM_REF, _FASTAPIS}:
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": _PROBLEM_REF}}}
