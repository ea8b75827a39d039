"""Nacha's return rates: how near each hospital and entry class is to a threshold."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request

from ach.zone import to_new_york
from api import return_rates
from api.auth.guard import Caller, hidden, needs
from api.auth.scopes import Scope
from api.models.return_rate import ReturnRates
from api.problems import Kind
from api.responses import problems
from api.services import Served

router = APIRouter(prefix="/api/v1/return-rates", tags=["kpis"], dependencies=[needs(Scope.KPIS_READ)])
_PROBLEMS: Final = problems(Kind.NOT_FOUND, Kind.INVALID, Kind.STORE_UNAVAILABLE)
Hospital = Annotated[str, Query(max_length=128, description="One hospital; all that you may see if left out.")]


@router.get("", summary="Return rates and entries until a breach", responses=_PROBLEMS)
async def every_rate(served: Served, who: Caller, request: Request, hospital: Hospital = "") -> ReturnRates:
    """Unauthorized, administrative and overall returns over 60 days by origination date, by hospital and entry class, worst first."""
    if hospital and not who.sees(hospital):
        raise hidden(request, "There is no such hospital.")
    now_ms = served.now_ms()
    return await return_rates.return_rates(served.store, to_new_york(now_ms).date(), now_ms, hospital, who.hospitals)
