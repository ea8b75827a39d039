"""Problem details (RFC 9457): every answer that is not a success has one shape, one code and one sentence."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.exceptions import HTTPException

log = logging.getLogger(__name__)
MEDIA_TYPE: Final = "application/problem+json"
_TYPE: Final = "urn:hms-ach:problem:"
_NAME_MAX: Final = 100


class Kind(Enum):
    """What can go wrong, as (HTTP status, code, title). The code is stable, titles and details may be reworded."""

    BAD_REQUEST = (400, "bad-request", "The request cannot be read")
    MALFORMED_JSON = (400, "malformed-json", "The body is not acceptable JSON")
    IDEMPOTENCY_KEY_MISSING = (400, "idempotency-key-missing", "An Idempotency-Key header is required")
    IDEMPOTENCY_KEY_INVALID = (400, "idempotency-key-invalid", "The Idempotency-Key header is not acceptable")
    BAD_CURSOR = (400, "bad-cursor", "The cursor is not one of ours, or belongs to another question")
    UNAUTHENTICATED = (401, "unauthenticated", "It is not known who asks")
    FORBIDDEN = (403, "forbidden", "This is not allowed to whoever asks")
    NOT_FOUND = (404, "not-found", "There is nothing here")
    METHOD_NOT_ALLOWED = (405, "method-not-allowed", "This method is not allowed here")
    NOT_ACCEPTABLE = (406, "not-acceptable", "None of the accepted media types can be given")
    CHANGE_REFUSED = (409, "change-refused", "The change was refused")
    ACT_REFUSED = (409, "act-refused", "The ledger refused what was asked")
    BACKTEST_RUNNING = (409, "backtest-running", "Another back-test is running")
    CLIENT_REFERENCE_TAKEN = (409, "client-reference-taken", "Another payment carries this client reference")
    TOO_LARGE = (413, "content-too-large", "The body is too large")
    UNSUPPORTED_MEDIA_TYPE = (415, "unsupported-media-type", "The body has a media type that is not taken here")
    MISDIRECTED = (421, "misdirected-request", "This host name is not served here")
    INVALID = (422, "invalid-request", "The request is not valid")
    IDEMPOTENCY_KEY_REUSED = (422, "idempotency-key-reused", "The idempotency key was used for another request")
    REFUSED = (422, "refused", "The payment was refused")
    TOO_MANY = (429, "too-many-requests", "Too many requests in a short time")
    HEADERS_TOO_LARGE = (431, "headers-too-large", "The header fields are too large")
    INTERNAL = (500, "internal-error", "The request failed through a fault of ours")
    UNDECIDABLE = (500, "undecidable", "The payment could not be decided through a fault of ours")
    BROKER_UNAVAILABLE = (503, "broker-unavailable", "The payment could not be recorded")
    BUSY = (503, "busy", "Too many ask at once")
    STORE_UNAVAILABLE = (503, "store-unavailable", "The ledger's tables do not answer")

    @property
    def status(self) -> int:
        """HTTP status."""
        return int(self.value[0])

    @property
    def code(self) -> str:
        """The last part of the problem's type."""
        return str(self.value[1])

    @property
    def title(self) -> str:
        """One sentence, the same for every occurrence."""
        return str(self.value[2])


class Finding(BaseModel):
    """One thing that is wrong with the request, and where."""

    detail: str = Field(description="What is wrong; never holds the rejected value.")
    pointer: str | None = Field(None, description="JSON pointer into the body, as a URI fragment (RFC 6901).", examples=["#/amount"])
    parameter: str | None = Field(None, description="Name of the query parameter, header or path parameter.")


class ProblemDetails(BaseModel):
    """A problem as RFC 9457 describes it."""

    type: str = Field(examples=[f"{_TYPE}invalid-request"])
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    request_id: str = Field(description="The same as in the X-Request-Id header; name it when you ask us.")
    errors: list[Finding] | None = Field(None, description="Every finding of a request that is not valid.")
    transaction_id: str | None = Field(None, description="The payment that the problem speaks of.")
    link: str | None = Field(None, description="Where that payment can be looked at.")


class Problem(HTTPException):
    """Raise it anywhere below a route. `members` are extension members, `headers` go out with the answer."""

    def __init__(self, kind: Kind, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(kind.status, detail, dict(headers or {}))
        self.kind = kind
        self.members = members


_BY_STATUS: Final = {
    400: Kind.BAD_REQUEST,
    401: Kind.UNAUTHENTICATED,
    403: Kind.FORBIDDEN,
    404: Kind.NOT_FOUND,
    405: Kind.METHOD_NOT_ALLOWED,
    406: Kind.NOT_ACCEPTABLE,
    413: Kind.TOO_LARGE,
    415: Kind.UNSUPPORTED_MEDIA_TYPE,
    422: Kind.INVALID,
}


def render(kind: Kind, detail: str, request_id: str, headers: Mapping[str, str] | None = None, **members: Any) -> Response:
    """The answer for one problem."""
    details = ProblemDetails(type=_TYPE + kind.code, title=kind.title, status=kind.status, detail=detail, request_id=request_id, **members)
    body = to_json(details.model_dump(mode="json", exclude_none=True))
    return Response(body, kind.status, dict(headers or {}), MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every error of the application with a problem."""
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(Exception, _fault)


def findings(errors: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """pydantic's errors without the rejected values: those may be personal data."""
    return [_finding(error["loc"], str(error["msg"])) for error in errors]


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, Problem):
        return render(error.kind, str(error.detail), request_id_of(request), error.headers, **error.members)
    kind = _BY_STATUS.get(error.status_code, Kind.INTERNAL if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else Kind.BAD_REQUEST)
    return render(kind, f"{kind.title}.", request_id_of(request), error.headers)


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = findings(error.errors())
    detail = f"{len(found)} thing is wrong; see errors." if len(found) == 1 else f"{len(found)} things are wrong; see errors."
    return render(Kind.INVALID, detail, request_id_of(request), errors=found)


async def _fault(request: Request, _: Exception) -> Response:
    """The server logs the exception beside this line; the caller learns the request's id and nothing else."""
    log.error("request %s failed", request_id_of(request))
    return render(Kind.INTERNAL, "Nothing is known to be wrong with the request; it may be repeated.", request_id_of(request))


def request_id_of(request: Request) -> str:
    """The id that the hygiene layer gave this request."""
    return str(request.scope.get("hms.request_id", ""))


def _finding(location: Sequence[str | int], message: str) -> Finding:
    where, *path = location
    text = message[0].lower() + message[1:] if message else "not valid"
    if where == "body":
        return Finding(detail=text, pointer="#" + "".join(f"/{_escape(part)}" for part in path))
    return Finding(detail=text, parameter=str(path[0])[:_NAME_MAX] if path else str(where))


def _escape(part: str | int) -> str:
    return str(part)[:_NAME_MAX].replace("~", "~0").replace("/", "~1")
