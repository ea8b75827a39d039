"""A rule sleeps for one account: put it to sleep, wake it, see which ones do."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from api.auth.guard import Caller, needs, person
from api.auth.principal import Principal
from api.auth.scopes import Scope
from api.desk import AtDesk, Desk, key_of
from api.models import snoozes as model
from api.models.exceptions import ActAnswer
from api.problems import Kind
from api.responses import problems
from api.routes.exceptions import ACT_PROBLEMS, LATER, shown
from api.services import Served
from api.snoozes import snoozes
from api.strict_json import StrictRoute

router = APIRouter(prefix="/api/v1/snoozes", tags=["rules"], route_class=StrictRoute)
_READ, _ACTIVATE = ([needs(scope, everywhere=True)] for scope in (Scope.RULES_READ, Scope.RULES_ACTIVATE))
_PASSED: Final = "1970-01-01T00:00:00Z"
"""an instant that has passed: the ledger's word for waking"""
Word = Annotated[str, Query(max_length=128)]


@router.get("", dependencies=_READ, summary="Rules that sleep", responses=problems(Kind.INVALID, Kind.STORE_UNAVAILABLE))
async def listed(served: Served, credit_reference: Word = "", rule: Word = "", state: model.State = "asleep") -> model.SnoozePage:
    """By a person's act; what a rule book silences stands in the book."""
    return model.SnoozePage(snoozes=await snoozes(served.store, credit_reference, rule, state, served.now_ms()))


@router.post("", dependencies=_ACTIVATE, summary="Put a rule to sleep", responses={**ACT_PROBLEMS, **LATER})
async def snooze_rule(at: AtDesk, who: Caller, request: Request, response: Response, asked: model.SnoozeRequest) -> ActAnswer:
    """Refused for a rule that the book in force does not have, or does not let sleep."""
    return await _act(at, who, request, response, asked.model_dump())


@router.post("/wake", dependencies=_ACTIVATE, summary="Wake a rule", responses={**ACT_PROBLEMS, **LATER})
async def wake_rule(at: AtDesk, who: Caller, request: Request, response: Response, asked: model.WakeRequest) -> ActAnswer:
    """`already` when it is awake."""
    return await _act(at, who, request, response, {**asked.model_dump(), "until": _PASSED})


async def _act(at: Desk, who: Principal, request: Request, response: Response, data: dict[str, Any]) -> ActAnswer:
    said = {**data, "actor": person(who, data["actor"])}
    return shown(response, await at.act("rule.snoozed.v1", data["rule"], said, key_of(request, who.subject)))
