"""Payments: ask for one, see how it stands, follow it from end to end."""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Header, Path, Request, Response

from api.idempotency import idempotency_key
from api.models.payment import InitiateAnswer, InitiateRequest, StatusAnswer
from api.models.trace import TraceAnswer
from api.payment import status_of, waiting_status
from api.problems import Kind, Problem
from api.responses import problems
from api.services import Served
from api.strict_json import StrictRoute
from api.trace import trace_of

CLIENT: Final = "local"
"""The client of every request until callers are authenticated."""
_TRACEPARENT: Final = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

_KEY_PARAMETER: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Names this payment; the same in every repeat.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}
router = APIRouter(prefix="/api/v1/payments", tags=["payments"], route_class=StrictRoute)
TransactionId = Annotated[str, Path(max_length=128, description="As `initiate` gave it.")]


@router.post(
    "/initiate",
    status_code=201,
    summary="Ask for a payment",
    openapi_extra={"parameters": [_KEY_PARAMETER]},
    responses={
        201: {
            "description": "Decided: approved, declined or held. A repeat of a request gets the first answer again.",
            "headers": {
                "Location": {"schema": {"type": "string"}, "description": "Where the payment's status is."},
                "Idempotency-Replayed": {"schema": {"type": "string", "const": "true"}, "description": "The request was a repeat."},
            },
        },
        202: {"model": InitiateAnswer, "description": "Recorded, not decided yet: ask at Location, or repeat the request."},
        **problems(
            Kind.MALFORMED_JSON,
            Kind.IDEMPOTENCY_KEY_MISSING,
            Kind.IDEMPOTENCY_KEY_INVALID,
            Kind.CLIENT_REFERENCE_TAKEN,
            Kind.TOO_LARGE,
            Kind.UNSUPPORTED_MEDIA_TYPE,
            Kind.INVALID,
            Kind.IDEMPOTENCY_KEY_REUSED,
            Kind.REFUSED,
            Kind.UNDECIDABLE,
            Kind.BROKER_UNAVAILABLE,
        ),
    },
)
async def initiate(
    served: Served,
    request: Request,
    response: Response,
    payment: InitiateRequest,
    traceparent: Annotated[str | None, Header(description="W3C trace context; goes into the event.")] = None,
) -> InitiateAnswer:
    """The payment is written to Kafka, and the answer waits for the journal's decision. No 2xx is given before Kafka has acknowledged it.

    Repeat the request under the same key as often as needed: it is one payment. `client_reference` is unique for ever.
    """
    key = idempotency_key(request.headers.getlist("idempotency-key"))
    trace = traceparent if traceparent and _TRACEPARENT.fullmatch(traceparent) else ""
    done = await served.initiator.initiate(payment, CLIENT, key, trace)
    response.status_code = 201 if done.created else 202
    response.headers["Location"] = done.answer.links.self
    if done.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return done.answer


@router.get("/{transaction_id:path}/status", summary="How a payment stands", responses=problems(Kind.NOT_FOUND, Kind.STORE_UNAVAILABLE))
async def status(served: Served, transaction_id: TransactionId) -> StatusAnswer:
    """Status, settlement date, error, the whole history with its causes, and what comes next. What was just decided shows at once."""
    found = status_of(await served.history.of_payment(transaction_id), transaction_id)
    if found is not None:
        return found
    waiting = served.initiator.pending.get(transaction_id)
    if waiting is None:
        raise _unknown()
    return waiting_status(transaction_id, waiting.request, waiting.at_ms)


@router.get("/{transaction_id:path}/trace", summary="A payment from end to end", responses=problems(Kind.NOT_FOUND, Kind.STORE_UNAVAILABLE))
async def trace(served: Served, transaction_id: TransactionId) -> TraceAnswer:
    """Every input event with its place in Kafka, and all that it brought about: rules that fired, postings, entries, settlements,
    returns, matches, exceptions, alerts, webhooks and notifications; with the journal's proof."""
    facts, proofs = await served.history.of_payment_whole(transaction_id)
    found = trace_of(facts, proofs, transaction_id)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> Problem:
    return Problem(Kind.NOT_FOUND, "No payment has this transaction id.")
