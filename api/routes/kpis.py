"""KPIs: definitions with their numbers, over business dates and for one hospital or all."""

import datetime as dt
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request

from ach.zone import to_new_york
from api.auth.guard import Caller, hidden, needs
from api.auth.principal import Principal
from api.auth.scopes import Scope
from api.kpis import Asked
from api.models.common import epoch_ms
from api.models.kpi import KpiAnswer, KpiPage
from api.problems import Finding, Kind, Problem
from api.responses import problems
from api.services import Served, Services
from dashboards.kpi import Kpi, kpis

DAYS_DEFAULT: Final = 30
DAYS_MAX: Final = 3660
router = APIRouter(prefix="/api/v1/kpis", tags=["kpis"], dependencies=[needs(Scope.KPIS_READ)])
_PROBLEMS = (Kind.INVALID, Kind.STORE_UNAVAILABLE)
Since = Annotated[dt.date | None, Query(alias="from", description="First business date; 29 days before the last if left out.")]
Until = Annotated[dt.date | None, Query(alias="to", description="Last business date, included; today in New York if left out.")]
Hospital = Annotated[str, Query(max_length=128, description="One hospital; all if left out.")]
StatusWord = Annotated[str, Query(max_length=32, pattern="^[a-z_]*$", description="One status; all if left out. For lists of payments.")]
AsOf = Annotated[dt.datetime | None, Query(description="Instant that ages are measured at; now if left out.")]

Within = Annotated[
    int,
    Query(
        alias="within",
        ge=0,
        le=3600,
        description="Seconds; an answer that is at most so old may be given while a newer one is made. 0 waits for it.",
    ),
]

WithBaseline = Annotated[
    bool, Query(description="Whether one hospital's answer says what is usual there. It takes longer: the days before are counted too.")
]


@router.get("", summary="Every KPI", responses=problems(Kind.NOT_FOUND, *_PROBLEMS))
async def every_kpi(
    served: Served,
    who: Caller,
    request: Request,
    since: Since = None,
    until: Until = None,
    hospital: Hospital = "",
    age: Within = 0,
    baseline: WithBaseline = True,
) -> KpiPage:
    """The KPIs that have one number, with it, and what the others mean."""
    asked = _asked(served, since, until, _hospital(who, request, hospital))._replace(baseline=baseline)
    return await served.kpis.page(asked, who.hospitals, age)


@router.get("/{name}", summary="One KPI", responses=problems(Kind.NOT_FOUND, *_PROBLEMS))
async def one_kpi(
    served: Served,
    who: Caller,
    request: Request,
    name: Annotated[str, Path(max_length=64, pattern="^[a-z_]+$")],
    since: Since = None,
    until: Until = None,
    hospital: Hospital = "",
    status: StatusWord = "",
    as_of: AsOf = None,
    age: Within = 0,
    baseline: WithBaseline = True,
) -> KpiAnswer:
    """Definition, SQL, and every row."""
    kpi = kpis().get(name)
    if kpi is None:
        raise Problem(Kind.NOT_FOUND, "There is no KPI of this name; GET /api/v1/kpis lists them.")
    if who.hospitals is not None and not kpi.of_hospitals:
        raise hidden(request, "This KPI speaks of all hospitals; you may see some.")
    for parameter, given in (("status", status), ("as_of", as_of)):
        if given and parameter not in kpi.parameters:
            raise _invalid(parameter, "this KPI does not depend on it")
    asked = _asked(served, since, until, _hospital(who, request, hospital, kpi), status, as_of)._replace(baseline=baseline)
    return await served.kpis.answer(kpi, asked, who.hospitals, age)


def _hospital(who: Principal, request: Request, asked: str, kpi: Kpi | None = None) -> str:
    """The hospital that the numbers are of. Who may see some must name one of them; one alone is named by itself."""
    if asked and not who.sees(asked):
        raise hidden(request, "There is no such hospital.")
    if asked or who.hospitals is None or (kpi is not None and not kpi.of_one_hospital):
        return asked
    if len(who.hospitals) == 1:
        return next(iter(who.hospitals))
    raise _invalid("hospital", f"name one of {', '.join(sorted(who.hospitals))}")


def _asked(
    served: Services, since: dt.date | None, until: dt.date | None, hospital: str, status: str = "", as_of: dt.datetime | None = None
) -> Asked:
    """Refuses a range that ends before it begins, one of more than ten years, and an instant without an offset."""
    until = until or to_new_york(served.now_ms()).date()
    if not dt.date(1971, 1, 1) <= until <= dt.date(2099, 12, 31):
        raise _invalid("to", "must lie between 1971 and 2099")
    since = since or until - dt.timedelta(days=DAYS_DEFAULT - 1)
    if since > until:
        raise _invalid("from", "must not be after to")
    if (until - since).days > DAYS_MAX:
        raise _invalid("from", "must be at most ten years before to")
    if as_of is not None and as_of.tzinfo is None:
        raise _invalid("as_of", "needs an offset, such as Z")
    return Asked(since, until, hospital, status, epoch_ms(as_of) if as_of else None)


def _invalid(parameter: str, detail: str) -> Problem:
    return Problem(Kind.INVALID, "1 thing is wrong; see errors.", errors=[Finding(detail=detail, parameter=parameter)])
