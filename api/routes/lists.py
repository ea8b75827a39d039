"""Work lists: exceptions and alerts, and the rule books in force."""

from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from api.auth.guard import Caller, hidden, needs
from api.auth.principal import Principal
from api.auth.scopes import Scope
from api.lists import Wanted
from api.models.lists import AlertGroups, AlertPage, ExceptionPage, RulesAnswer, Severity
from api.problems import Kind
from api.responses import problems
from api.services import Served

router = APIRouter(prefix="/api/v1", tags=["lists"])
_PROBLEMS = problems(Kind.BAD_CURSOR, Kind.NOT_FOUND, Kind.INVALID, Kind.STORE_UNAVAILABLE)
_GROUP_PROBLEMS = problems(Kind.NOT_FOUND, Kind.INVALID, Kind.STORE_UNAVAILABLE)
Word = Annotated[str | None, Query(max_length=128)]
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024, description="From the answer before.")]


@router.get("/exceptions", summary="What needs a person", dependencies=[needs(Scope.EXCEPTIONS_READ)], responses=_PROBLEMS)
async def exceptions(
    served: Served,
    who: Caller,
    request: Request,
    response: Response,
    state: Literal["open", "closed", "all"] = "open",
    code: Word = None,
    severity: Severity | None = None,
    credit_reference: Word = None,
    hospital_id: Word = None,
    about: Word = None,
    owner: Annotated[str | None, Query(max_length=128, description="`-` for those that nobody has.")] = None,
    late: Annotated[bool | None, Query(description="Whether the deadline has passed.")] = None,
    amount_min: Annotated[str, Query(pattern=r"^\d{1,12}(\.\d\d)?$", description="Dollars, from which on.")] = "0",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> ExceptionPage:
    """Exceptions, newest first."""
    equal = given(
        state=None if state == "all" else state,
        code=code,
        severity=severity,
        credit_reference=credit_reference,
        hospital_id=hospital_id,
        about=about,
        owner="" if owner == "-" else owner,
        late=None if late is None else "yes" if late else "no",
    )
    cents_min = int(Decimal(amount_min) * 100)
    found = await served.lists.exceptions(Wanted(request.url.path, equal, limit, cursor, _within(who, request, hospital_id), cents_min))
    return found.model_copy(update={"next": link_to_next(request, response, found.next)})


@router.get("/alerts", summary="What risk teams were told", dependencies=[needs(Scope.ALERTS_READ)], responses=_PROBLEMS)
async def alerts(
    served: Served,
    who: Caller,
    request: Request,
    response: Response,
    alert: Word = None,
    severity: Severity | None = None,
    credit_reference: Word = None,
    hospital_id: Word = None,
    about: Word = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> AlertPage:
    """Alerts, newest first. The live feed is the topic risk.alerts.v1."""
    equal = given(alert=alert, severity=severity, credit_reference=credit_reference, hospital_id=hospital_id, about=about)
    found = await served.lists.alerts(Wanted(request.url.path, equal, limit, cursor, _within(who, request, hospital_id)))
    return found.model_copy(update={"next": link_to_next(request, response, found.next)})


@router.get("/alerts/groups", summary="Alerts by rule and hour", dependencies=[needs(Scope.ALERTS_READ)], responses=_GROUP_PROBLEMS)
async def alert_groups(
    served: Served,
    who: Caller,
    request: Request,
    alert: Word = None,
    severity: Severity | None = None,
    hospital_id: Word = None,
    limit: Limit = 50,
) -> AlertGroups:
    """Alerts that are one to whoever reads them, so that a storm of ten thousand hides nothing else."""
    equal = given(alert=alert, severity=severity, hospital_id=hospital_id)
    return await served.lists.alert_groups(Wanted(request.url.path, equal, limit, None, _within(who, request, hospital_id)))


@router.get(
    "/rules",
    summary="The rule books in force",
    dependencies=[needs(Scope.RULES_READ, everywhere=True)],
    responses=problems(Kind.STORE_UNAVAILABLE),
)
async def rules(served: Served) -> RulesAnswer:
    """The version that each partition decides by."""
    return await served.lists.rules()


def _within(who: Principal, request: Request, hospital_id: str | None) -> frozenset[str] | None:
    """The hospitals that the list is kept to. Raises Problem (404) when another one is asked for."""
    if hospital_id and not who.sees(hospital_id):
        raise hidden(request, "There is no such hospital.")
    return who.hospitals


def given(**equal: str | None) -> dict[str, str]:
    """The equalities that somebody asked for."""
    return {name: value for name, value in equal.items() if value is not None}


def link_to_next(request: Request, response: Response, cursor: str | None) -> str | None:
    """The link to the next page, also put into the Link header."""
    if cursor is None:
        return None
    following = f"{request.url.path}?{urlencode({**dict(request.query_params), 'cursor': cursor})}"
    response.headers["Link"] = f'<{following}>; rel="next"'
    return following
