"""Cut-offs: until when entries go along."""

from datetime import UTC
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from api.auth.guard import Caller, hidden, needs
from api.auth.scopes import Scope
from api.cut_offs import next_closings
from api.models.common import Answer, Instant
from api.problems import Kind
from api.responses import problems
from api.services import Served

router = APIRouter(prefix="/api/v1/cut-offs", tags=["kpis"], dependencies=[needs(Scope.KPIS_READ)])
Hospital = Annotated[str, Query(max_length=128, description="One hospital; all that you may see if left out.")]


class CutOffItem(Answer):
    """A list that closes."""

    hospital_id: Annotated[str, Field(description="`*`: every hospital without a section of its own.")]
    bank: str
    window: Annotated[str, Field(description="Same-day window of the operator, or `next day`.")]
    closes_at: Instant
    settles_at: Instant


class CutOffPage(Answer):
    """The next cut-offs, the soonest first."""

    rail: Annotated[bool, Field(description="Whether this process knows an ACH rail, its configuration or the sandbox.")]
    cut_offs: list[CutOffItem]


@router.get("", summary="Until when entries go along", responses=problems(Kind.NOT_FOUND, Kind.INVALID))
async def upcoming(served: Served, who: Caller, request: Request, hospital: Hospital = "") -> CutOffPage:
    """Of each section of the rail's configuration the next one; none where this process has no configuration (HMS_ACH_CONFIG)."""
    if hospital and not who.sees(hospital):
        raise hidden(request, "There is no such hospital.")
    banks = getattr(request.app.state, "banks", None)
    found = next_closings(banks, served.now_ms(), hospital, who.hospitals)
    return CutOffPage(
        rail=banks is not None,
        cut_offs=[
            CutOffItem(
                hospital_id=each.hospital_id,
                bank=each.bank,
                window=each.cut_off.window,
                closes_at=each.cut_off.closes.astimezone(UTC),
                settles_at=each.cut_off.settles.astimezone(UTC),
            )
            for each in found
        ],
    )
