"""How the OpenAPI document speaks of problems: one schema, one media type, the status codes each route can give."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import MEDIA_TYPE, Kind, ProblemDetails

_PROBLEM_REF: Final = "#/components/schemas/ProblemDetails"
_FASTAPIS: Final = "#/components/schemas/HTTPValidationError"
_ALWAYS: Final = (Kind.MISDIRECTED, Kind.INTERNAL)

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
    for path in document["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                _as_problem(response)
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    return document


def _as_problem(response: dict[str, Any]) -> None:
    for content in list(response.get("content", {}).values()):
        reference = content.get("schema", {}).get("$ref", "")
        if reference == _FASTAPIS:
            response["description"] = f"{Kind.INVALID.title} (`{Kind.INVALID.code}`)."
        if reference in {_PROBLEM_REF, _FASTAPIS}:
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": _PROBLEM_REF}}}
