"""Exceptions, alerts and rule books as the tables hold them; newest first, a page at a time."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from api.cursor import CursorKey
from api.models.common import dollars, instant, maybe_instant
from api.models.lists import (
    AlertGroup,
    AlertGroups,
    AlertItem,
    AlertPage,
    Candidate,
    ExceptionItem,
    ExceptionPage,
    RulesAnswer,
    RulesInForce,
)
from api.store import Store
from ledger.governance import alert_id
from ledger.ids import effect_id
from ledger.sla import suggested_action

After = tuple[int, int, int]
"""instant in ms, partition, position: the order of every list, downwards"""

_decode_after = msgspec.msgpack.Decoder(After).decode
EXCEPTIONS: Final = (
    "SELECT toUnixTimestamp64Milli(opened_at) AS order_ms, partition, position, exception_id, state, code, severity, about, "
    "credit_reference, hospital_id, amount_cents, detail, toString(opened_on), ifNull(toUnixTimestamp64Milli(closed_at), 0), how, "
    "closed_by, ifNull(toUnixTimestamp64Milli(due_at), 0), candidates, owner, ifNull(toUnixTimestamp64Milli(snoozed_until), 0), level "
    "FROM exceptions WHERE code != ''"
)
_KEYS: Final = (
    "SELECT toUnixTimestamp64Milli(opened_at) AS order_ms, partition, position, credit_reference, exception_id, state, code, severity, "
    "about, hospital_id, amount_cents, owner, if(level > 0, 'yes', 'no') AS late FROM exceptions WHERE code != ''"
)
"""What pages are chosen and ordered by; texts are read for the rows of the page alone."""
_OF_KEYS: Final = f"{EXCEPTIONS} AND (credit_reference, exception_id) IN {{keys:Array(Tuple(String, String))}}"
_ALERTS: Final = (
    "SELECT toUnixTimestamp64Milli(at) AS order_ms, partition, position, toString(source_topic), source_offset, ordinal, alert, severity, "
    "about, credit_reference, hospital_id, amount_cents, explanation, rule, policy, toString(business_date), route, window "
    "FROM alerts WHERE alert != 'rule_broken' OR (at, partition, position) IN "
    "(SELECT min((at, partition, position)) FROM alerts WHERE alert = 'rule_broken' GROUP BY window)"
)
"""of a rule that broke the first alone: each partition that notices tells it"""
_GROUPS: Final = (
    "SELECT intDiv(order_ms, 3600000) AS hour, alert, rule, severity, hospital_id, count(), min(order_ms), max(order_ms) AS last_ms, "
    "sum(amount_cents), argMax(about, (order_ms, partition, position)) "
)
_GROUPED: Final = (
    " GROUP BY hour, alert, rule, severity, hospital_id ORDER BY hour DESC, count() DESC, alert, rule, hospital_id LIMIT {limit:UInt32}"
)
_HOUR_MS: Final = 3_600_000
_BEHIND: Final = " AND (order_ms, partition, position) < ({ms:Int64}, {partition:UInt16}, {position:UInt64})"
_ORDER: Final = " ORDER BY order_ms DESC, partition DESC, position DESC LIMIT {limit:UInt32}"
_POLICIES: Final = (
    "SELECT partition, argMax(version, position), argMax(toUnixTimestamp64Milli(at), position), argMax(activated_by, position) "
    "FROM policies GROUP BY partition"
)


class Wanted(NamedTuple):
    """A page of a list: equalities that must hold (column to value), how many, and the cursor of the page before. `within` are the
    hospitals that the caller may see; None: all. `cents_min` is for lists that have an amount."""

    path: str
    equal: Mapping[str, str]
    limit: int
    cursor: str | None
    within: frozenset[str] | None = None
    cents_min: int = 0

    def question(self) -> str:
        """The same text for the same question."""
        return "\n".join(
            (self.path, str(self.cents_min), *(f"{name}={value}" for name, value in self.equal.items()), *sorted(self.within or ()))
        )


class Lists:
    """Answers lists from ClickHouse. `default_version` is the rule book that is in force where none was activated."""

    def __init__(self, store: Store, cursors: CursorKey, partitions: int, default_version: str) -> None:
        self._store = store
        self._cursors = cursors
        self._partitions = partitions
        self._default_version = default_version

    async def exceptions(self, wanted: Wanted) -> ExceptionPage:
        """A page of exceptions."""
        keys, following = await self.page(_KEYS, wanted)
        named = [(row[3], row[4]) for row in keys]
        found = {(row[8], row[3]): row for row in await self._store.ask(_OF_KEYS, {"keys": named})} if named else {}
        return ExceptionPage(exceptions=[exception_item(found[name]) for name in named], next=following)

    async def alerts(self, wanted: Wanted) -> AlertPage:
        """A page of alerts."""
        rows, following = await self.page(_ALERTS, wanted)
        return AlertPage(alerts=[_alert(row) for row in rows], next=following)

    async def alert_groups(self, wanted: Wanted) -> AlertGroups:
        """The latest groups of alerts that are one to whoever reads them."""
        conditions, parameters = _kept(wanted)
        rows = await self._store.ask(f"{_GROUPS} FROM ({_ALERTS}) WHERE 1{conditions}{_GROUPED}", parameters)  # nosec B608
        return AlertGroups(groups=[_group(row) for row in rows[: wanted.limit]], more=len(rows) > wanted.limit)

    async def rules(self) -> RulesAnswer:
        """The rule book in force in every partition."""
        found = {int(row[0]): row[1:] for row in await self._store.ask(_POLICIES)}
        in_force = []
        for partition in range(self._partitions):
            version, since_ms, who = found.get(partition, (self._default_version, 0, ""))
            since = instant(since_ms) if since_ms else None
            in_force.append(RulesInForce(partition=partition, version=version, since=since, activated_by=who))
        return RulesAnswer(versions=sorted({each.version for each in in_force}), partitions=in_force)

    async def page(self, select: str, wanted: Wanted) -> tuple[Sequence[Sequence[Any]], str | None]:
        """Rows of a page and the cursor of the next one. `select` begins with the columns order_ms, partition and position."""
        conditions, parameters = _kept(wanted)
        if wanted.cursor is not None:
            after = self._cursors.open(wanted.question(), wanted.cursor, _decode_after)
            conditions += _BEHIND
            parameters |= dict(zip(("ms", "partition", "position"), after, strict=True))
        rows = await self._store.ask(f"SELECT * FROM ({select}) WHERE 1{conditions}{_ORDER}", parameters)  # noqa: S608 # nosec B608
        if len(rows) <= wanted.limit:
            return rows, None
        rows = rows[: wanted.limit]
        return rows, self._cursors.seal(wanted.question(), tuple(rows[-1][:3]))


def _kept(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """What rows must fulfil, and the parameters of that; one row more than was asked for tells whether there are more."""
    conditions = "".join(f" AND {name} = {{{name}:String}}" for name in wanted.equal)
    parameters: dict[str, Any] = {**wanted.equal, "limit": wanted.limit + 1}
    if wanted.within is not None:
        conditions += " AND hospital_id IN {within:Array(String)}"
        parameters["within"] = sorted(wanted.within)
    if wanted.cents_min:
        conditions += " AND amount_cents >= {cents_min:Int64}"
        parameters["cents_min"] = wanted.cents_min
    return conditions, parameters


def exception_item(row: Sequence[Any]) -> ExceptionItem:
    """An exception of a row of `EXCEPTIONS`."""
    opened_ms, _, _, identity, state, code, severity, about, account, hospital, amount, detail, day, closed_ms, how, *work = row
    closed_by, due_ms, candidates, owner, snoozed_ms, level = work
    answers = msgspec.json.decode(candidates, type=list[tuple[list[str], int]]) if candidates else []
    return ExceptionItem(
        exception_id=identity,
        state=state,
        code=code,
        severity=severity,
        about=about,
        credit_reference=account,
        hospital_id=hospital,
        amount=dollars(amount),
        detail=detail,
        opened_at=instant(opened_ms),
        business_date=dt.date.fromisoformat(day),
        closed_at=instant(closed_ms) if closed_ms else None,
        how=how,
        closed_by=closed_by,
        due_at=maybe_instant(due_ms),
        overdue=("", "overdue", "escalated")[level] if state == "open" else "",
        owner=owner,
        snoozed_until=maybe_instant(snoozed_ms),
        suggested_action=suggested_action(code) if state == "open" else "",
        candidates=[Candidate(balance_ids=ids, score=score) for ids, score in answers],
    )


def _group(row: Sequence[Any]) -> AlertGroup:
    hour, alert, rule, severity, hospital, count, first_ms, last_ms, amount, about = row
    return AlertGroup(
        hour=instant(hour * _HOUR_MS),
        alert=alert,
        rule=rule,
        severity=severity,
        hospital_id=hospital,
        alerts=count,
        first_at=instant(first_ms),
        last_at=instant(last_ms),
        amount=dollars(amount),
        latest=about,
        trace=f"/api/v1/payments/{about}/trace",
    )


def _alert(row: Sequence[Any]) -> AlertItem:
    at_ms, partition, _, topic, offset, ordinal, alert, severity, about, account, hospital, amount, why, rule, policy, day, *rest = row
    route, window = rest
    return AlertItem(
        alert_id=alert_id(alert, window, effect_id(topic, partition, offset, ordinal)),
        alert=alert,
        severity=severity,
        about=about,
        credit_reference=account,
        hospital_id=hospital,
        amount=dollars(amount),
        explanation=why,
        rule=rule,
        policy=policy,
        route=route,
        raised_at=instant(at_ms),
        business_date=dt.date.fromisoformat(day),
        trace=f"/api/v1/payments/{about}/trace",
        topic=topic,
        partition=partition,
        offset=offset,
    )
