"""Exceptions and adjustments as the tables hold them: whose they are, what happened to them, which ones are meant."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from api.lists import EXCEPTIONS, exception_item
from api.models.common import dollars, instant, maybe_instant
from api.models.exceptions import Adjustment, Event, ExceptionAnswer, Named, Where
from api.store import Store

SELECTED_MAX: Final = 200
_ADJUSTMENTS_MAX: Final = 500
_ID: Final = "exception_id = {id:String} AND ({account:String} = '' OR credit_reference = {account:String})"
_OPEN: Final = (
    "SELECT exception_id, credit_reference, code, amount_cents, hospital_id, position FROM exceptions WHERE state = 'open' AND code != ''"
)
_EVENTS: Final = (
    "SELECT * FROM (SELECT toUnixTimestamp64Milli(at) AS at_ms, position, toString(kind) AS what, actor, "
    "multiIf(kind = 'opened', detail, kind = 'closed', toString(how), kind = 'overdue', if(level = 2, 'escalated', owner), "
    "kind = 'assigned', owner, kind = 'snoozed', toString(until), '') AS said "
    "FROM exception_events WHERE exception_id = {id:String} AND credit_reference = {account:String} "
    "UNION ALL "
    "SELECT toUnixTimestamp64Milli(at), position, toString(action), actor, comment FROM actions "
    "WHERE about = {id:String} AND credit_reference = {account:String} AND (action = 'commented' OR comment != '')) "
    "ORDER BY position"
)
_ADJUSTMENTS: Final = (
    "SELECT adjustment_id, credit_reference, state, form, about, amount_cents, hospital_id, reason, exception_id, maker, checker, "
    "toUnixTimestamp64Milli(proposed_at) AS order_ms, ifNull(toUnixTimestamp64Milli(decided_at), 0) FROM adjustments"
)


class Meant(NamedTuple):
    """An exception that is meant."""

    exception_id: str
    account: str
    code: str
    amount_cents: int
    hospital_id: str
    position: int


class Casebook:
    """Answers from ClickHouse."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, exception_id: str, account: str) -> list[Meant]:
        """Exceptions of this id, open or not; more than one only without an account."""
        sql = f"SELECT exception_id, credit_reference, code, amount_cents, hospital_id, position FROM exceptions WHERE code != '' AND {_ID}"  # noqa: S608
        return [Meant(*row) for row in await self._store.ask(sql, {"id": exception_id, "account": account})]

    async def whole(self, exception_id: str, account: str) -> ExceptionAnswer | None:
        """The exception with its history."""
        rows = await self._store.ask(f"{EXCEPTIONS} AND {_ID}", {"id": exception_id, "account": account})
        if not rows:
            return None
        item = exception_item(rows[0])
        told = await self._store.ask(_EVENTS, {"id": exception_id, "account": item.credit_reference})
        history = [Event(at=instant(at_ms), what=what, actor=actor, detail=said) for at_ms, _, what, actor, said in told]
        return ExceptionAnswer(**item.model_dump(), history=history)

    async def listed(self, named: Sequence[Named], within: frozenset[str] | None) -> list[Meant]:
        """Those of a list that are open and may be seen, oldest first."""
        pairs = [(one.credit_reference, one.exception_id) for one in named]
        sql = f"{_OPEN} AND (credit_reference, exception_id) IN {{pairs:Array(Tuple(String, String))}}"
        return await self._open(sql, {"pairs": pairs}, within)

    async def fitting(self, where: Where, within: frozenset[str] | None) -> list[Meant]:
        """Open ones that fit a condition, oldest first; one more than are acted on at once."""
        equal = {name: value for name, value in where.model_dump().items() if value}
        if equal.get("owner") == "-":
            equal["owner"] = ""
        sql = _OPEN + "".join(f" AND {name} = {{{name}:String}}" for name in equal)
        return await self._open(sql, equal, within)

    async def _open(self, sql: str, parameters: dict[str, Any], within: frozenset[str] | None) -> list[Meant]:
        if within is not None:
            sql += " AND hospital_id IN {within:Array(String)}"
            parameters = {**parameters, "within": sorted(within)}
        rows = await self._store.ask(f"{sql} ORDER BY opened_at, exception_id LIMIT {SELECTED_MAX + 1}", parameters)
        return [Meant(*row) for row in rows]

    async def adjustments(self, state: str, account: str, within: frozenset[str] | None) -> list[Adjustment]:
        """Adjustments, newest first."""
        sql = f"{_ADJUSTMENTS} WHERE ({{state:String}} = '' OR state = {{state:String}})"
        sql += " AND ({account:String} = '' OR credit_reference = {account:String})"
        parameters: dict[str, Any] = {"state": state, "account": account}
        if within is not None:
            sql += " AND hospital_id IN {within:Array(String)}"
            parameters["within"] = sorted(within)
        rows = await self._store.ask(f"{sql} ORDER BY order_ms DESC, adjustment_id LIMIT {_ADJUSTMENTS_MAX}", parameters)
        return [_adjustment(row) for row in rows]

    async def adjustment(self, adjustment_id: str, account: str) -> list[Adjustment]:
        """Adjustments of this id; more than one only without an account."""
        sql = f"{_ADJUSTMENTS} WHERE adjustment_id = {{id:String}} AND ({{account:String}} = '' OR credit_reference = {{account:String}})"
        return [_adjustment(row) for row in await self._store.ask(sql, {"id": adjustment_id, "account": account})]

    async def hospitals_of(self, account: str) -> set[str]:
        """Hospitals whose balances, payments or deposits an account has."""
        sql = (
            "SELECT hospital_id FROM balance_items WHERE credit_reference = {account:String} AND hospital_id != '' "
            "UNION DISTINCT SELECT hospital_id FROM deposits WHERE credit_reference = {account:String} "
            "UNION DISTINCT SELECT hospital_id FROM payments WHERE credit_reference = {account:String}"
        )
        return {row[0] for row in await self._store.ask(sql, {"account": account})}


def token_of(meant: Sequence[Meant]) -> str:
    """Names what a preview showed: another one for other exceptions, and for the same after anything happened to them."""
    told = "\n".join(f"{one.account}\t{one.exception_id}\t{one.position}" for one in sorted(meant))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _adjustment(row: Sequence[Any]) -> Adjustment:
    identity, account, state, form, about, cents, hospital, reason, exception_id, maker, checker, proposed_ms, decided_ms = row
    return Adjustment(
        adjustment_id=identity,
        credit_reference=account,
        state=state,
        form=form,
        about=about,
        amount=dollars(cents),
        hospital_id=hospital,
        reason=reason,
        exception_id=exception_id,
        maker=maker,
        checker=checker,
        proposed_at=instant(proposed_ms),
        decided_at=maybe_instant(decided_ms),
    )
