"""The work queue: take an exception, note, let it wait, settle it, decide on its payment; one by one or many at once."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from api.auth.guard import Caller, hidden, needs, person
from api.auth.principal import Principal
from api.auth.scopes import Scope
from api.casebook import SELECTED_MAX, Casebook, Meant, token_of
from api.desk import AtDesk, Desk, key_of
from api.models import exceptions as model
from api.models.common import dollars
from api.problems import Finding, Kind, Problem
from api.responses import Responses, problems
from api.services import Served
from api.strict_json import StrictRoute

router = APIRouter(prefix="/api/v1/exceptions", tags=["exceptions"], route_class=StrictRoute)
ACT_PROBLEMS = problems(
    Kind.MALFORMED_JSON,
    Kind.IDEMPOTENCY_KEY_INVALID,
    Kind.NOT_FOUND,
    Kind.ACT_REFUSED,
    Kind.TOO_LARGE,
    Kind.UNSUPPORTED_MEDIA_TYPE,
    Kind.INVALID,
    Kind.UNDECIDABLE,
    Kind.BROKER_UNAVAILABLE,
    Kind.STORE_UNAVAILABLE,
)
LATER: Responses = {202: {"model": model.ActAnswer, "description": "Recorded, not decided yet."}}
ExceptionId = Annotated[str, Path(max_length=200, description="`<about>/<code>`, as it stands in the list.")]
_READ, _WRITE = [needs(Scope.EXCEPTIONS_READ)], [needs(Scope.EXCEPTIONS_WRITE)]
_UNKNOWN = "No exception has this id."
_AT_ONCE = 20
_HELD = "PAYMENT_HELD"


@router.post("/bulk", dependencies=_WRITE, summary="The same for many exceptions", responses={**ACT_PROBLEMS})
async def bulk(served: Served, at: AtDesk, who: Caller, asked: model.BulkRequest) -> model.BulkAnswer:
    """First the preview, which changes nothing; its token then carries out exactly what was shown, or nothing. 200 at most."""
    actor = person(who, asked.actor)
    book = Casebook(served.store)
    if bool(asked.exceptions) == (asked.where is not None):
        raise Problem(Kind.INVALID, "Name exceptions or a condition.", errors=[Finding(detail="or a condition", pointer="#/exceptions")])
    data = _of_action(asked)
    found = await (book.fitting(asked.where, who.hospitals) if asked.where else book.listed(asked.exceptions, who.hospitals))
    meant, more = found[:SELECTED_MAX], len(found) > SELECTED_MAX
    token = token_of(meant)
    if asked.preview:
        outcomes = [model.ActAnswer(outcome="open", about=one.exception_id, credit_reference=one.account) for one in meant]
    elif asked.token == token:
        gate = asyncio.Semaphore(_AT_ONCE)
        outcomes = await asyncio.gather(*(_one(at, gate, asked.action, one, {**data, "actor": actor}) for one in meant))
    else:
        raise Problem(Kind.ACT_REFUSED, "These are not the exceptions of the preview any more: ask for another one.")
    return model.BulkAnswer(
        preview=asked.preview,
        token=token,
        count=len(meant),
        amount=dollars(sum(one.amount_cents for one in meant)),
        by_code=dict(Counter(one.code for one in meant)),
        exceptions=[_item(one, outcome) for one, outcome in zip(meant, outcomes, strict=True)],
        more=more,
    )


@router.get("/{exception_id:path}", dependencies=_READ, summary="An exception", responses=problems(Kind.NOT_FOUND, Kind.STORE_UNAVAILABLE))
async def exception(
    served: Served,
    who: Caller,
    request: Request,
    exception_id: ExceptionId,
    credit_reference: Annotated[str, Query(max_length=128)] = "",
) -> model.ExceptionAnswer:
    """All that happened to it, oldest first, with who did what."""
    found = await Casebook(served.store).whole(exception_id, credit_reference)
    if found is None:
        raise Problem(Kind.NOT_FOUND, _UNKNOWN)
    if not who.sees(found.hospital_id):
        raise hidden(request, _UNKNOWN)
    return found


@router.post("/{exception_id:path}/assign", dependencies=_WRITE, summary="Give it to somebody", responses={**ACT_PROBLEMS, **LATER})
async def assign(
    served: Served, at: AtDesk, who: Caller, request: Request, response: Response, exception_id: ExceptionId, asked: model.AssignRequest
) -> model.ActAnswer:
    """Or take it, or, without an owner, put it back."""
    return await _act(served, at, who, request, response, "exception.assigned.v1", exception_id, asked)


@router.post("/{exception_id:path}/comment", dependencies=_WRITE, summary="Note something", responses={**ACT_PROBLEMS, **LATER})
async def comment(
    served: Served, at: AtDesk, who: Caller, request: Request, response: Response, exception_id: ExceptionId, asked: model.CommentRequest
) -> model.ActAnswer:
    """For whoever comes next."""
    return await _act(served, at, who, request, response, "exception.commented.v1", exception_id, asked)


@router.post("/{exception_id:path}/snooze", dependencies=_WRITE, summary="Let it wait", responses={**ACT_PROBLEMS, **LATER})
async def snooze(
    served: Served, at: AtDesk, who: Caller, request: Request, response: Response, exception_id: ExceptionId, asked: model.SnoozeRequest
) -> model.ActAnswer:
    """Nobody is alerted before; its deadline stays what it is."""
    return await _act(served, at, who, request, response, "exception.snoozed.v1", exception_id, asked)


@router.post("/{exception_id:path}/resolve", dependencies=_WRITE, summary="Settle it", responses={**ACT_PROBLEMS, **LATER})
async def resolve(
    served: Served, at: AtDesk, who: Caller, request: Request, response: Response, exception_id: ExceptionId, asked: model.ResolveRequest
) -> model.ActAnswer:
    """Refused while the ledger sees its cause: a payment to be decided, money without a place."""
    return await _act(served, at, who, request, response, "exception.resolved.v1", exception_id, asked)


@router.post("/{exception_id:path}/review", dependencies=_WRITE, summary="Decide on its payment", responses={**ACT_PROBLEMS, **LATER})
async def review(
    served: Served, at: AtDesk, who: Caller, request: Request, response: Response, exception_id: ExceptionId, asked: model.ReviewRequest
) -> model.ActAnswer:
    """Approve or decline the payment that is held; that closes the exception."""
    about, _, code = exception_id.rpartition("/")
    if code != _HELD:
        raise Problem(Kind.INVALID, f"Only a {_HELD} exception is about a payment to decide on.")
    account = await account_of(served, who, request, exception_id, asked.credit_reference)
    said = {"transaction_id": about, "verdict": asked.verdict, "reviewer": person(who, asked.actor), "comment": asked.comment}
    found = await at.act("payment.reviewed.v1", exception_id, {"credit_reference": account, **said}, key_of(request, who.subject))
    return shown(response, found)


async def account_of(served: Served, who: Principal, request: Request, exception_id: str, account: str) -> str:
    """The account of an exception that the caller may see. Raises Problem: 404 when there is none, 409 when there are several."""
    if account and who.hospitals is None:
        return account
    found = await Casebook(served.store).find(exception_id, account)
    if not found:
        raise Problem(Kind.NOT_FOUND, _UNKNOWN)
    if not all(who.sees(one.hospital_id) for one in found):
        raise hidden(request, _UNKNOWN)
    if len(found) > 1:
        raise Problem(Kind.ACT_REFUSED, "Several accounts have an exception of this id: say which credit_reference is meant.")
    return found[0].account


def shown(response: Response, found: model.ActAnswer) -> model.ActAnswer:
    """The answer with its status and headers."""
    response.status_code = 202 if found.outcome == "pending" else 200
    if found.outcome == "already":
        response.headers["Idempotency-Replayed"] = "true"
    return found


async def _act(
    served: Served,
    at: Desk,
    who: Principal,
    request: Request,
    response: Response,
    kind: str,
    exception_id: str,
    asked: model.ActRequest,
) -> model.ActAnswer:
    account = await account_of(served, who, request, exception_id, asked.credit_reference)
    actor = person(who, asked.actor)
    data = {**asked.model_dump(), "credit_reference": account, "actor": actor, "exception_id": exception_id}
    return shown(response, await at.act(kind, exception_id, data, key_of(request, who.subject)))


_FIELDS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "assign": ("exception.assigned.v1", ("owner", "comment"), ""),
    "comment": ("exception.commented.v1", ("comment",), "comment"),
    "snooze": ("exception.snoozed.v1", ("until", "comment"), "until"),
    "resolve": ("exception.resolved.v1", ("resolution", "comment"), "resolution"),
}
"""action -> (event type, fields that it takes, the one that it needs)"""


def _of_action(asked: model.BulkRequest) -> dict[str, Any]:
    _, fields, needed = _FIELDS[asked.action]
    data = {name: getattr(asked, name) for name in fields}
    if needed and not data[needed]:
        raise Problem(Kind.INVALID, f"This needs {needed}.", errors=[Finding(detail="is missing", pointer=f"#/{needed}")])
    return data


async def _one(at: Desk, gate: asyncio.Semaphore, action: str, one: Meant, data: Mapping[str, Any]) -> model.ActAnswer:
    """One of many; a refusal of one is no refusal of the others."""
    async with gate:
        try:
            whole = {**data, "credit_reference": one.account, "exception_id": one.exception_id}
            return await at.act(_FIELDS[action][0], one.exception_id, whole)
        except Problem as problem:
            detail = str(problem.detail)
            return model.ActAnswer(outcome="refused", about=one.exception_id, credit_reference=one.account, detail=detail)


def _item(one: Meant, outcome: model.ActAnswer) -> model.BulkItem:
    return model.BulkItem(
        exception_id=one.exception_id,
        credit_reference=one.account,
        code=one.code,
        amount=dollars(one.amount_cents),
        outcome=outcome.outcome,
        detail=outcome.detail,
    )
