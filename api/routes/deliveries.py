"""The delivery log, and requests to send again or to go on."""

from fastapi import APIRouter, Request, Response

from api.auth.guard import Caller, needs, person
from api.auth.scopes import Scope
from api.deliveries import NOTIFICATIONS, WEBHOOKS, Delivering
from api.lists import Wanted
from api.models.deliveries import AttemptPage, EnableAsked, Outcome, ReplayAsked, RequestAccepted
from api.problems import Kind
from api.responses import problems
from api.routes.lists import Cursor, Limit, Word, given, link_to_next
from api.strict_json import StrictRoute

router = APIRouter(prefix="/api/v1", tags=["deliveries"], route_class=StrictRoute)
_PROBLEMS = problems(Kind.BAD_CURSOR, Kind.INVALID, Kind.STORE_UNAVAILABLE)
_BODY = (Kind.MALFORMED_JSON, Kind.TOO_LARGE, Kind.UNSUPPORTED_MEDIA_TYPE, Kind.INVALID)
_REQUEST = problems(*_BODY, Kind.BROKER_UNAVAILABLE)


@router.get(
    "/webhooks/deliveries",
    summary="What became of webhooks",
    dependencies=[needs(Scope.WEBHOOKS_READ, everywhere=True)],
    responses=_PROBLEMS,
)
async def webhook_deliveries(
    delivering: Delivering,
    request: Request,
    response: Response,
    outcome: Outcome | None = None,
    transaction_id: Word = None,
    credit_reference: Word = None,
    delivery_id: Word = None,
    replay: Word = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> AttemptPage:
    """Attempts, newest first."""
    equal = given(
        topic=WEBHOOKS,
        outcome=outcome,
        transaction_id=transaction_id,
        credit_reference=credit_reference,
        delivery_id=delivery_id,
        replay=replay,
    )
    found = await delivering.page(Wanted(request.url.path, equal, limit, cursor))
    return found.model_copy(update={"next": link_to_next(request, response, found.next)})


@router.get(
    "/notifications/deliveries",
    summary="What became of messages to patients",
    dependencies=[needs(Scope.NOTIFICATIONS_READ, everywhere=True)],
    responses=_PROBLEMS,
)
async def notification_deliveries(
    delivering: Delivering,
    request: Request,
    response: Response,
    outcome: Outcome | None = None,
    channel: Word = None,
    template: Word = None,
    transaction_id: Word = None,
    credit_reference: Word = None,
    delivery_id: Word = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> AttemptPage:
    """Attempts and decisions to make none, newest first. Neither addresses nor texts are kept."""
    equal = given(
        topic=NOTIFICATIONS,
        outcome=outcome,
        channel=channel,
        template=template,
        transaction_id=transaction_id,
        credit_reference=credit_reference,
        delivery_id=delivery_id,
    )
    found = await delivering.page(Wanted(request.url.path, equal, limit, cursor))
    return found.model_copy(update={"next": link_to_next(request, response, found.next)})


@router.post(
    "/webhooks/deliveries/replay",
    status_code=202,
    summary="Send webhooks again",
    dependencies=[needs(Scope.WEBHOOKS_WRITE, everywhere=True)],
    responses=_REQUEST,
)
async def replay_webhooks(delivering: Delivering, who: Caller, asked: ReplayAsked) -> RequestAccepted:
    """Everything that was tried in a half-open range of time, under the same ids: a receiver drops what it has."""
    return RequestAccepted(request_id=await delivering.replay(asked, person(who, asked.requested_by)))


@router.post(
    "/webhooks/enable",
    status_code=202,
    summary="Go on after a 410",
    dependencies=[needs(Scope.WEBHOOKS_WRITE, everywhere=True)],
    responses=_REQUEST,
)
async def enable_webhooks(delivering: Delivering, who: Caller, asked: EnableAsked) -> RequestAccepted:
    """A receiver that answered 410 Gone gets nothing until this is asked for; what waited is sent then."""
    return RequestAccepted(request_id=await delivering.enable(person(who, asked.requested_by)))
