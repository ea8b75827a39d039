"""Which rules sleep for which account, as the tables hold it."""

from typing import Final

from api.models.common import instant, maybe_instant
from api.models.snoozes import Snooze, State
from api.store import Store

_MOST: Final = 500
_LATEST: Final = (
    "SELECT credit_reference, rule, argMax(ifNull(toUnixTimestamp64Milli(until), 0), position) AS until_ms, "
    "argMax(toUnixTimestamp64Milli(at), position) AS at_ms, "
    "argMax((partition, toString(source_topic), source_offset), position) AS place "
    "FROM rule_snoozes WHERE ({account:String} = '' OR credit_reference = {account:String}) "
    "AND ({rule:String} = '' OR rule = {rule:String}) "
    "GROUP BY credit_reference, rule"
)
_ACTS: Final = (
    "SELECT credit_reference, (partition, toString(source_topic), source_offset) AS place, any(actor) AS actor, any(comment) AS comment "
    "FROM actions WHERE action IN ('snoozed', 'woke') AND ({account:String} = '' OR credit_reference = {account:String}) "
    "GROUP BY credit_reference, place"
)
_SNOOZES: Final = (
    "SELECT latest.credit_reference, latest.rule, latest.until_ms, latest.at_ms, acts.actor, acts.comment "  # noqa: S608 # nosec B608
    f"FROM ({_LATEST}) AS latest INNER JOIN ({_ACTS}) AS acts "
    "ON latest.credit_reference = acts.credit_reference AND latest.place = acts.place "
    "WHERE {state:String} = 'all' OR (latest.until_ms > {now_ms:Int64}) = ({state:String} = 'asleep') "
    f"ORDER BY latest.until_ms DESC, latest.credit_reference, latest.rule LIMIT {_MOST}"
)


async def snoozes(store: Store, account: str, rule: str, state: State, now_ms: int) -> list[Snooze]:
    """The latest snooze of each rule and account with who did it; an empty account or rule stands for all of them."""
    rows = await store.ask(_SNOOZES, {"account": account, "rule": rule, "state": state, "now_ms": now_ms})
    return [
        Snooze(
            credit_reference=reference,
            rule=name,
            until=maybe_instant(until_ms),
            snoozed_at=instant(at_ms),
            snoozed_by=actor,
            reason=comment,
        )
        for reference, name, until_ms, at_ms, actor, comment in rows
    ]
