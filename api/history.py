"""Facts of an account or a payment, from both places that hold them: ClickHouse, and the journal's latest records."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from api.facts import Fact, Proof, merged, of_patient, of_record, proof_of
from api.recent import Recent
from api.store import Store
from sinks.clickhouse.native import DAY, MAYBE_DAY, MAYBE_MS, MS, ColumnType
from sinks.clickhouse.rows import INPUTS
from sinks.clickhouse.tables import TABLES

_READ: Final[Mapping[ColumnType, str]] = {
    MS: "toUnixTimestamp64Milli({})",
    MAYBE_MS: "ifNull(toUnixTimestamp64Milli({}), 0)",
    DAY: "toString({})",
    MAYBE_DAY: "ifNull(toString({}), '')",
}
_HEAD: Final = (
    "partition, position, toString(source_topic), source_offset, {ordinal}, toUnixTimestamp64Milli(at), "
    "toUnixTimestamp64Milli(recorded_at), toString(business_date), credit_reference"
)
_COLUMNS: Final = {
    **{table.name: {column.name: _READ.get(column.type, "{}").format(column.name) for column in table.columns} for table in TABLES},
    INPUTS: {name: name for name in ("event_id", "type", "outcome", "reason", "about", "detail")},
}
_ABOUT_PAYMENT: Final = {
    "ledger_entries": "about = {about:String}",
    "matches": "source_id = {about:String}",
    "balance_items": "about = {about:String}",
    "suspense": "source_id = {about:String}",
    "exception_events": "startsWith(exception_id, concat({about:String}, '/'))",
    "alerts": "about = {about:String}",
    "deliveries": "transaction_id = {about:String}",
    "parked_events": "transaction_id = {about:String}",
}
_OF_ACCOUNT: Final = "credit_reference = {account:String}"
_PAID_TO: Final = f"SELECT DISTINCT hospital_id FROM payment_events WHERE {_OF_ACCOUNT} AND kind = 'initiated'"  # noqa: S608 # nosec B608
_BALANCE_TABLES: Final = ("balance_items", "matches", "suspense", "balance_adjustments", INPUTS)


class History:
    """Answers with facts in the order in which they happened. `business_date` is the one that the sink stores with."""

    def __init__(self, store: Store, recent: Recent, business_date: Callable[[int], str]) -> None:
        self._store = store
        self._recent = recent
        self._business_date = business_date

    async def of_payment(self, transaction_id: str) -> list[Fact]:
        """Its changes and the inputs that caused them."""
        fresh, _ = self._fresh(transaction_id)
        changes = await self._select("payment_events", "transaction_id = {about:String}", {"about": transaction_id})
        return merged(changes, await self._inputs(changes), fresh)

    async def of_payment_whole(self, transaction_id: str) -> tuple[list[Fact], list[Proof]]:
        """Everything of a payment, and the proofs of the records that hold it."""
        fresh, proofs = self._fresh(transaction_id)
        changes = await self._select("payment_events", "transaction_id = {about:String}", {"about": transaction_id})
        account = next((fact.account for fact in (*changes, *fresh)), "")
        asked = {"account": account, "about": transaction_id}
        wanted = ((table, f"{_OF_ACCOUNT} AND {where}") for table, where in _ABOUT_PAYMENT.items())
        others = await asyncio.gather(*(self._select(table, where, asked) for table, where in wanted))
        refused = await self._select(INPUTS, f"{_OF_ACCOUNT} AND about = {{about:String}}", asked)
        stored = merged(changes, *others, refused)
        facts = merged(stored, await self._inputs(stored), fresh)
        return facts, await self._proofs(facts, proofs)

    async def of_account(self, credit_reference: str) -> list[Fact]:
        """What an account's balances are made of."""
        fresh, _ = self._fresh(credit_reference)
        asked = {"account": credit_reference}
        found = await asyncio.gather(*(self._select(table, _OF_ACCOUNT, asked) for table in _BALANCE_TABLES))
        return merged(*found, fresh)

    async def paid_to(self, credit_reference: str) -> frozenset[str]:
        """The hospitals that ClickHouse knows payments of this account for."""
        rows = await self._store.ask(_PAID_TO, {"account": credit_reference})
        return frozenset(str(hospital) for (hospital,) in rows)

    def latest_of_person(self, patient: str) -> list[Fact]:
        """What the journal's latest records say of a patient, in order: ClickHouse may not have it yet."""
        records = self._recent.holding(patient)
        return merged(*(of_patient(record, patient, self._business_date) for record in records))

    def latest_of(self, about: str) -> list[Fact]:
        """What the journal's latest records say of a payment, a deposit, an adjustment, in order."""
        return merged(self._fresh(about)[0])

    async def accounts_of(self, transaction_ids: Iterable[str]) -> dict[str, str]:
        """The credit references of those payments that ClickHouse knows."""
        rows = await self._store.ask(
            "SELECT DISTINCT transaction_id, credit_reference FROM payment_events "
            "WHERE transaction_id IN {ids:Array(String)} AND kind = 'initiated'",
            {"ids": list(transaction_ids)},
        )
        return {str(transaction_id): str(account) for transaction_id, account in rows}

    def _fresh(self, about: str) -> tuple[list[Fact], list[Proof]]:
        records = self._recent.holding(about)
        facts = [fact for record in records for fact in of_record(record, about, self._business_date)]
        return facts, [proof_of(record) for record in records]

    async def _select(self, table: str, where: str, parameters: Mapping[str, Any]) -> list[Fact]:
        columns = _COLUMNS[table]
        head = _HEAD.format(ordinal="0" if table == INPUTS else "ordinal")
        sql = f"SELECT {head}, {', '.join(columns.values())} FROM {table} WHERE {where}"  # noqa: S608 # nosec B608
        rows = await self._store.ask(sql, parameters)
        return [Fact._make((table, *row[:9], dict(zip(columns, row[9:], strict=True)))) for row in rows]

    async def _inputs(self, facts: Sequence[Fact]) -> list[Fact]:
        """The inputs that caused these facts."""
        places = sorted({(fact.partition, fact.source_topic, fact.source_offset) for fact in facts})
        if not places:
            return []
        where = "(partition, source_topic, source_offset) IN {places:Array(Tuple(UInt16, String, UInt64))}"
        return await self._select(INPUTS, where, {"places": places})

    async def _proofs(self, facts: Sequence[Fact], fresh: Sequence[Proof]) -> list[Proof]:
        records = sorted({(fact.partition, fact.sequence) for fact in facts})
        rows = await self._store.ask(
            "SELECT DISTINCT partition, sequence, offset, previous, hash FROM journal_records "
            "WHERE (partition, sequence) IN {records:Array(Tuple(UInt16, UInt64))}",
            {"records": records},
        )
        return sorted({*(Proof(*row) for row in rows), *fresh})
