"""Rule books and rollouts: check, try, shadow, activate, roll back."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.auth.guard import Caller, needs, person
from api.auth.scopes import Scope
from api.models import rules as model
from api.models.quote import QuoteAnswer, QuoteRequest
from api.problems import Kind, Problem
from api.responses import Responses, problems
from api.rule_actions import Acting
from api.strict_json import StrictRoute

router = APIRouter(prefix="/api/v1", tags=["rules"], route_class=StrictRoute)
_BODY = (Kind.MALFORMED_JSON, Kind.TOO_LARGE, Kind.UNSUPPORTED_MEDIA_TYPE, Kind.INVALID)
_CHANGE = problems(*_BODY, Kind.NOT_FOUND, Kind.CHANGE_REFUSED, Kind.BROKER_UNAVAILABLE, Kind.STORE_UNAVAILABLE)
_READ, _TRY, _ACTIVATE = ([needs(scope, everywhere=True)] for scope in (Scope.RULES_READ, Scope.RULES_TRY, Scope.RULES_ACTIVATE))
_LATER: Responses = {202: {"model": model.Announced, "description": "Recorded; some partitions have not answered yet."}}


@router.post("/rules/validate", dependencies=_TRY, summary="Check a rule book", responses=problems(*_BODY))
async def validate(acting: Acting, asked: model.ValidateRequest) -> model.ValidateAnswer:
    """Every error at once, with its line."""
    return acting.validate(asked.text)


@router.post("/rules/activate", dependencies=_ACTIVATE, summary="Put a rule book in force", responses={**_CHANGE, **_LATER})
async def activate(acting: Acting, who: Caller, response: Response, asked: model.ActivateRequest) -> model.Announced:
    """A text, or a version that was in force before: that is a roll-back. Each partition changes at its own place in the stream."""
    return _announced(response, await acting.activate(asked, person(who, asked.activated_by)))


@router.post(
    "/rules/quote",
    dependencies=_TRY,
    summary="What a rule book makes of a debt",
    responses=problems(*_BODY, Kind.NOT_FOUND, Kind.STORE_UNAVAILABLE),
)
async def quote(acting: Acting, asked: QuoteRequest) -> QuoteAnswer:
    """The instalments of a plan, what settles it early, and the least payment without one. Nothing is opened: that is `plan.opened.v1`."""
    return await acting.quote(asked)


@router.get("/rules/versions", dependencies=_READ, summary="Versions that were in force", responses=problems(Kind.STORE_UNAVAILABLE))
async def versions(acting: Acting) -> model.BookVersions:
    """The latest activation first."""
    return model.BookVersions(versions=await acting.bookshelf.versions())


@router.get(
    "/rules/versions/{version}",
    dependencies=_READ,
    summary="The text of a version",
    responses=problems(Kind.NOT_FOUND, Kind.STORE_UNAVAILABLE),
)
async def version_text(acting: Acting, version: Annotated[str, Path(max_length=128)]) -> model.BookAnswer:
    """As it was in force."""
    text = await acting.bookshelf.text(version)
    if text is None:
        raise Problem(Kind.NOT_FOUND, "This version was never in force, nor run as a shadow.")
    return model.BookAnswer(version=version, text=text)


@router.post(
    "/rules/backtest",
    dependencies=_TRY,
    status_code=202,
    summary="Try a rule book on the past",
    responses={
        202: {"headers": {"Location": {"schema": {"type": "string"}, "description": "Where its progress and its report are."}}},
        **problems(*_BODY, Kind.BACKTEST_RUNNING),
    },
)
async def backtest(acting: Acting, response: Response, asked: model.ValidateRequest) -> model.BacktestAnswer:
    """Every payment in the journal is decided again, on the facts of its day; nothing follows from it."""
    found = await acting.backtest(asked.text)
    response.headers["Location"] = f"/api/v1/rules/backtests/{found.id}"
    return found


@router.get("/rules/backtests/{backtest_id}", dependencies=_READ, summary="A back-test", responses=problems(Kind.NOT_FOUND))
async def backtest_state(acting: Acting, backtest_id: Annotated[str, Path(max_length=64)]) -> model.BacktestAnswer:
    """Its progress, and in the end its report. A restart of the API forgets it."""
    found = acting.backtests.get(backtest_id)
    if found is None:
        raise Problem(Kind.NOT_FOUND, "No back-test has this id.")
    return found


@router.post("/rules/shadow", dependencies=_TRY, summary="Run a rule book as a shadow", responses={**_CHANGE, **_LATER})
async def start_shadow(acting: Acting, who: Caller, response: Response, asked: model.ShadowRequest) -> model.Announced:
    """It decides beside the book in force and only reports; an empty text ends it."""
    return _announced(response, await acting.shadow(asked, person(who, asked.shadowed_by)))


@router.get("/rules/shadow", dependencies=_READ, summary="What the shadow says", responses=problems(Kind.STORE_UNAVAILABLE))
async def shadow(acting: Acting) -> model.ShadowAnswer:
    """What runs, and what it would have decided otherwise since it began, with the returns of those payments."""
    return await acting.bookshelf.shadow()


@router.post("/rollouts", dependencies=_ACTIVATE, summary="Change a hospital's phase", responses={**_CHANGE, **_LATER})
async def set_rollout(acting: Acting, who: Caller, response: Response, asked: model.RolloutRequest) -> model.Announced:
    """shadow only records, assisted waits for people, live acts, paused takes nothing new and lets what is under way finish."""
    return _announced(response, await acting.rollout(asked, person(who, asked.changed_by)))


@router.get("/rollouts", dependencies=_READ, summary="The phases of hospitals", responses=problems(Kind.STORE_UNAVAILABLE))
async def rollouts(acting: Acting) -> model.RolloutAnswer:
    """Hospitals that are not listed are live."""
    return await acting.bookshelf.rollout()


def _announced(response: Response, found: model.Announced) -> model.Announced:
    response.status_code = 200 if found.agreed else 202
    return found
