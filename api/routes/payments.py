"""Payments: ask for one, see how it stands, follow it from end to end."""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Header, Path, Request, Response

from api.attempts import with_attempts
from api.auth.guard import DENIED, Caller, hidden, needs
from api.auth.principal import Principal
from api.auth.scopes import Scope
from api.deliveries import Delivering
from api.idempotency import idempotency_key
from api.models.payment import InitiateAnswer, InitiateRequest, StatusAnswer
from api.models.trace import TraceAnswer
from api.payment import status_of, waiting_status
from api.problems import Kind, Problem
from api.responses import problems
from api.services import Served
from api.strict_json import StrictRoute
from api.trace import trace_of

_UNKNOWN: Final = "No payment has this transaction id."
_READ: Final = [needs(Scope.PAYMENTS_READ)]
_PROBLEMS: Final = problems(Kind.NOT_FOUND, Kind.STORE_UNAVAILABLE)
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
    dependencies=[needs(Scope.PAYMENTS_WRITE)],
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
    who: Caller,
    request: Request,
    response: Response,
    payment: InitiateRequest,
    traceparent: Annotated[str | None, Header(description="W3C trace context; goes into the event.")] = None,
) -> InitiateAnswer:
    """The payment is written to Kafka, and the answer waits for the journal's decision. No 2xx is given before Kafka has acknowledged it.

    Repeat the request under the same key as often as needed: it is one payment. `client_reference` is unique for ever.
    """
    if not who.sees(payment.hospital_id):
        request.scope[DENIED] = "another hospital's"
        raise Problem(Kind.FORBIDDEN, "You may not ask for payments of this hospital.")
    key = idempotency_key(request.headers.getlist("idempotency-key"))
    trace = traceparent if traceparent and _TRACEPARENT.fullmatch(traceparent) else ""
    done = await served.initiator.initiate(payment, who.subject, key, trace)
    response.status_code = 201 if done.created else 202
    response.headers["Location"] = done.answer.links.self
    if done.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return done.answer


@router.get("/{transaction_id:path}/status", summary="How a payment stands", dependencies=_READ, responses=_PROBLEMS)
async def status(served: Served, who: Caller, request: Request, transaction_id: TransactionId) -> StatusAnswer:
    """Status, settlement date, error, the whole history with its causes, and what comes next. What was just decided shows at once."""
    found = status_of(await served.history.of_payment(transaction_id), transaction_id)
    waiting = served.initiator.pending.get(transaction_id)
    if found is None and waiting is not None:
        found = waiting_status(transaction_id, waiting.request, waiting.at_ms)
    return _shown(found, who, request)


@router.get("/{transaction_id:path}/trace", summary="A payment from end to end", dependencies=_READ, responses=_PROBLEMS)
async def trace(served: Served, delivering: Delivering, who: Caller, request: Request, transaction_id: TransactionId) -> TraceAnswer:
    """Every input event with its place in Kafka, and all that it brought about: rules that fired, postings, entries, settlements,
    returns, matches, exceptions, alerts, webhooks and notifications with every attempt at them; with the journal's proof."""
    facts, proofs = await served.history.of_payment_whole(transaction_id)
    _shown(status_of(facts, transaction_id), who, request)
    found = trace_of(facts, proofs, transaction_id)
    assert found is not None, "what has a status has a trace"
    return with_attempts(found, await delivering.of_payment(transaction_id))


def _shown(found: StatusAnswer | None, who: Principal, request: Request) -> StatusAnswer:
    """The payment, if there is one and the caller may see its hospital: the answer is the same when not."""
    if found is not None and who.sees(found.hospital_id):
        return found
    if found is not None:
        raise hidden(request, _UNKNOWN)
    raise Problem(Kind.NOT_FOUND, _UNKNOWN)
