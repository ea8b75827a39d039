"""Balances: what an account owes."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from pydantic import AwareDatetime

from api.auth.guard import Caller, hidden, needs
from api.auth.scopes import Scope
from api.balance import balance_of, hospitals_of
from api.models.balance import BalanceAnswer
from api.models.common import epoch_ms
from api.problems import Finding, Kind, Problem
from api.responses import problems
from api.services import Served

router = APIRouter(prefix="/api/v1/balances", tags=["balances"])
_UNKNOWN: Final = "Nothing is known of this account at that time."


@router.get(
    "/{credit_reference:path}",
    summary="What an account owes",
    dependencies=[needs(Scope.BALANCES_READ)],
    responses=problems(Kind.NOT_FOUND, Kind.INVALID, Kind.STORE_UNAVAILABLE),
)
async def balance(
    served: Served,
    who: Caller,
    request: Request,
    credit_reference: Annotated[str, Path(max_length=128)],
    as_of: Annotated[
        AwareDatetime | None, Query(description="An instant with its offset, not in the future; the ledger as it stood then. Default: now.")
    ] = None,
) -> BalanceAnswer:
    """Open items, money in suspense, and what is due next."""
    at_ms = _not_future(as_of, served.now_ms())
    facts = await served.history.of_account(credit_reference)
    found = balance_of(facts, credit_reference, at_ms)
    if found is None:
        raise Problem(Kind.NOT_FOUND, _UNKNOWN)
    if who.hospitals is not None:
        hospitals = hospitals_of(facts, credit_reference) | await served.history.paid_to(credit_reference)
        if not (hospitals and hospitals <= who.hospitals):
            raise hidden(request, _UNKNOWN)
    return found


def _not_future(as_of: datetime | None, now_ms: int) -> int:
    at_ms = epoch_ms(as_of) if as_of is not None else now_ms
    if at_ms > now_ms:
        raise Problem(Kind.INVALID, "The instant is not valid; see errors.", errors=[Finding(detail="is in the future", parameter="as_of")])
    return at_ms
