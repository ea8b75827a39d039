"""Adjustments of the books by two persons, and matches that people make or take back."""

from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Path, Query, Request, Response

from api.auth.guard import Caller, hidden, needs, person
from api.auth.principal import Principal
from api.auth.scopes import Scope
from api.casebook import Casebook
from api.desk import AtDesk, Desk, key_of
from api.models import exceptions as model
from api.problems import Kind, Problem
from api.responses import problems
from api.routes.exceptions import ACT_PROBLEMS, LATER, shown
from api.services import Served, Services
from api.strict_json import StrictRoute
from ledger.ids import transaction_id

router = APIRouter(prefix="/api/v1", tags=["exceptions"], route_class=StrictRoute)
AdjustmentId = Annotated[str, Path(max_length=128)]
_READ, _WRITE, _APPROVE = ([needs(scope)] for scope in (Scope.EXCEPTIONS_READ, Scope.EXCEPTIONS_WRITE, Scope.EXCEPTIONS_APPROVE))
_REJECT = [needs(Scope.EXCEPTIONS_WRITE, other=Scope.EXCEPTIONS_APPROVE)]
_UNKNOWN = "No adjustment has this id."
_NO_ACCOUNT = "No account has this credit reference."


@router.get("/adjustments", dependencies=_READ, summary="Adjustments", responses=problems(Kind.INVALID, Kind.STORE_UNAVAILABLE))
async def adjustments(
    served: Served,
    who: Caller,
    state: Literal["proposed", "approved", "rejected", "all"] = "proposed",
    credit_reference: Annotated[str, Query(max_length=128)] = "",
) -> model.AdjustmentPage:
    """What waits for a second person, newest first; or what was decided."""
    found = await Casebook(served.store).adjustments("" if state == "all" else state, credit_reference, who.hospitals)
    return model.AdjustmentPage(adjustments=found)


@router.post("/adjustments", dependencies=_WRITE, summary="Propose an adjustment", responses={**ACT_PROBLEMS, **LATER})
async def propose(
    served: Served, at: AtDesk, who: Caller, request: Request, response: Response, asked: model.ProposeRequest
) -> model.ActAnswer:
    """Nothing moves until somebody else approves it. Under an Idempotency-Key a repeat is the same proposal."""
    await _must_see(served, who, request, asked.credit_reference)
    key = key_of(request, who.subject)
    identity = asked.adjustment_id or (transaction_id("adjustment", key) if key else str(uuid4()))
    data = {**asked.model_dump(), "adjustment_id": identity, "actor": person(who, asked.actor)}
    return shown(response, await at.act("adjustment.proposed.v1", identity, data, key))


@router.post("/adjustments/{adjustment_id:path}/approve", dependencies=_APPROVE, summary="Approve it", responses={**ACT_PROBLEMS, **LATER})
async def approve(
    served: Served, at: AtDesk, who: Caller, request: Request, response: Response, adjustment_id: AdjustmentId, asked: model.DecideRequest
) -> model.ActAnswer:
    """By a person other than the maker; the books change with it."""
    return await _decide(served, at, who, request, response, "adjustment.approved.v1", adjustment_id, asked)


@router.post("/adjustments/{adjustment_id:path}/reject", dependencies=_REJECT, summary="Reject it", responses={**ACT_PROBLEMS, **LATER})
async def reject(
    served: Served, at: AtDesk, who: Caller, request: Request, response: Response, adjustment_id: AdjustmentId, asked: model.DecideRequest
) -> model.ActAnswer:
    """By whoever could have approved it, or by those who propose: the maker too takes a proposal back."""
    return await _decide(served, at, who, request, response, "adjustment.rejected.v1", adjustment_id, asked)


@router.post("/matches/confirm", dependencies=_WRITE, summary="Say what money is for", responses={**ACT_PROBLEMS, **LATER})
async def confirm(
    served: Served, at: AtDesk, who: Caller, request: Request, response: Response, asked: model.ConfirmRequest
) -> model.ActAnswer:
    """Money in suspense pays these balances, in this order; what is left over stays in suspense."""
    return await _match(served, at, who, request, response, "match.confirmed.v1", asked)


@router.post("/matches/revoke", dependencies=_WRITE, summary="Take a match back", responses={**ACT_PROBLEMS, **LATER})
async def revoke(
    served: Served, at: AtDesk, who: Caller, request: Request, response: Response, asked: model.RevokeRequest
) -> model.ActAnswer:
    """By reversing entries: the balance is owed again, and the money lies in suspense until its place is known."""
    return await _match(served, at, who, request, response, "match.revoked.v1", asked)


async def _match(
    served: Served,
    at: Desk,
    who: Principal,
    request: Request,
    response: Response,
    kind: str,
    asked: model.ConfirmRequest | model.RevokeRequest,
) -> model.ActAnswer:
    await _must_see(served, who, request, asked.credit_reference)
    data = {**asked.model_dump(), "actor": person(who, asked.actor)}
    return shown(response, await at.act(kind, asked.source_id, data, key_of(request, who.subject)))


async def _decide(
    served: Served,
    at: Desk,
    who: Principal,
    request: Request,
    response: Response,
    kind: str,
    adjustment_id: str,
    asked: model.DecideRequest,
) -> model.ActAnswer:
    account = asked.credit_reference
    if not account or who.hospitals is not None:
        found = {(one.credit_reference, one.hospital_id) for one in await Casebook(served.store).adjustment(adjustment_id, account)}
        found |= _just_proposed(served, adjustment_id, account)
        if not found:
            raise Problem(Kind.NOT_FOUND, _UNKNOWN)
        if not all(who.sees(hospital) for _, hospital in found):
            raise hidden(request, _UNKNOWN)
        if len(found) > 1:
            raise Problem(Kind.ACT_REFUSED, "Several accounts have an adjustment of this id: say which credit_reference is meant.")
        [(account, _)] = found
    data: dict[str, Any] = {"credit_reference": account, "adjustment_id": adjustment_id, "comment": asked.comment}
    data["actor"] = person(who, asked.actor)
    return shown(response, await at.act(kind, adjustment_id, data, key_of(request, who.subject)))


def _just_proposed(served: Services, adjustment_id: str, account: str) -> set[tuple[str, str]]:
    """Account and hospital of a proposal that ClickHouse may not have yet: the second person is told of it at once."""
    latest = [fact for fact in served.history.latest_of(adjustment_id) if fact.table == "adjustment_events"]
    return {
        (fact.account, str(fact.values["hospital_id"]))
        for fact in latest
        if (fact.values["kind"], fact.values["adjustment_id"]) == ("proposed", adjustment_id) and account in {"", fact.account}
    }


async def _must_see(served: Served, who: Principal, request: Request, account: str) -> None:
    """Who may see some hospitals acts on accounts of those alone."""
    if who.hospitals is None:
        return
    hospitals = await Casebook(served.store).hospitals_of(account)
    if not hospitals or not hospitals <= who.hospitals:
        raise hidden(request, _NO_ACCOUNT)
