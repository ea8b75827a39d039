"""The ledger's postings in a range, page by page along the primary key, from one snapshot of the journal.

A snapshot is the end of every journal partition at the first question. Rows that arrive later do not count, so the lines of all pages add
up to the totals of the first; an export whose sums differ from them is broken off, never ended.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any, Final, NamedTuple

from msgspec import Struct

from api.models.common import dollars
from api.models.ledger import ControlTotals
from api.span import Span
from api.store import Store
from sinks.clickhouse.rows import POSITION_BITS

STREAM_PAGE: Final = 10_000
_COLUMNS: Final = (
    "toString(business_date), partition, position, toString(source_topic), source_offset, ordinal, toUnixTimestamp64Milli(at), "
    "toUnixTimestamp64Milli(recorded_at), credit_reference, hospital_id, about, debit, credit, amount_cents, memo"
)
_IN_SNAPSHOT: Final = "position < transform(partition, {partitions:Array(UInt16)}, {ends:Array(UInt64)}, toUInt64(0))"
_ORDER: Final = "business_date, partition, position"
Key = tuple[str, int, int]


class Row(NamedTuple):
    """One posting as ClickHouse gives it."""

    business_date: str
    partition: int
    position: int
    source_topic: str
    source_offset: int
    ordinal: int
    at_ms: int
    recorded_ms: int
    credit_reference: str
    hospital_id: str
    about: str
    debit: str
    credit: str
    amount_cents: int
    memo: str

    @property
    def key(self) -> Key:
        """Its place in the order of exports."""
        return self.business_date, self.partition, self.position


class Filter(NamedTuple):
    """What is wanted: a range, and optionally one account or one hospital. `within`: hospitals the caller may see; None: all."""

    span: Span
    credit_reference: str = ""
    hospital_id: str = ""
    within: tuple[str, ...] | None = None

    def question(self) -> str:
        """The same text for the same question; a cursor is bound to it."""
        return "\n".join((*map(str, self.span), self.credit_reference, self.hospital_id, *(self.within or ())))


class Progress(Struct, frozen=True, array_like=True):
    """Where an export stands: its snapshot, what it must add up to, what was given out, and behind which row it goes on."""

    ends: dict[int, int]
    count: int
    cents: int
    given: int = 0
    given_cents: int = 0
    after: Key | None = None

    def totals(self) -> ControlTotals:
        """Control totals of the whole export. Every posting debits and credits the same amount."""
        return ControlTotals(count=self.count, debits=dollars(self.cents), credits=dollars(self.cents), currency="USD")

    def behind(self, rows: Sequence[Row]) -> "Progress":
        """The state behind these rows."""
        return Progress(
            self.ends,
            self.count,
            self.cents,
            self.given + len(rows),
            self.given_cents + sum(row.amount_cents for row in rows),
            rows[-1].key,
        )

    @property
    def complete(self) -> bool:
        """Whether everything was given out. Raises ArithmeticError when the lines do not add up to the totals."""
        if self.given < self.count:
            return False
        if (self.given, self.given_cents) != (self.count, self.cents):
            raise ArithmeticError("the exported lines do not add up to their control totals")
        return True


class Exporter:
    """Reads postings from ClickHouse."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def begin(self, wanted: Filter) -> Progress:
        """The snapshot and the totals of an export that begins now."""
        rows = await self._store.ask("SELECT partition, max(sequence) FROM journal_records GROUP BY partition")
        ends = {int(partition): (int(sequence) + 1) << POSITION_BITS for partition, sequence in rows}
        where, parameters = _where(wanted, ends)
        sql = f"SELECT count(), sum(amount_cents) FROM ledger_entries WHERE {where}"  # noqa: S608 # nosec B608
        [[count, total]] = await self._store.ask(sql, parameters)
        return Progress(ends, int(count), int(total))

    async def page(self, wanted: Filter, progress: Progress, limit: int) -> list[Row]:
        """The next rows, at most `limit`. Raises ArithmeticError when there are none though there should be."""
        where, parameters = _where(wanted, progress.ends)
        if progress.after is not None:
            where += f" AND business_date >= {{day:Date}} AND ({_ORDER}) > ({{day:Date}}, {{partition:UInt16}}, {{position:UInt64}})"
            parameters |= dict(zip(("day", "partition", "position"), progress.after, strict=True))
        sql = f"SELECT {_COLUMNS} FROM ledger_entries WHERE {where} ORDER BY {_ORDER} LIMIT {{limit:UInt32}}"  # noqa: S608 # nosec B608
        found = [Row._make(row) for row in await self._store.ask(sql, {**parameters, "limit": limit})]
        if not found and not progress.complete:
            raise ArithmeticError("lines of the export are missing")
        return found

    async def lines(self, wanted: Filter, progress: Progress) -> AsyncGenerator[list[Row], None]:
        """All rows from where `progress` stands, in lists, until everything was given out. ClickHouse looks for the next list while the
        caller writes one.
        """
        following: asyncio.Task[list[Row]] | None = None
        try:
            while not progress.complete:
                rows = await (following or self.page(wanted, progress, STREAM_PAGE))
                progress = progress.behind(rows)
                following = None if progress.complete else asyncio.create_task(self.page(wanted, progress, STREAM_PAGE))
                yield rows
        finally:
            if following is not None:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)


def _where(wanted: Filter, ends: dict[int, int]) -> tuple[str, dict[str, Any]]:
    conditions = [wanted.span.where, _IN_SNAPSHOT]
    parameters = {**wanted.span.parameters, "partitions": list(ends), "ends": list(ends.values())}
    for name in ("credit_reference", "hospital_id"):
        value = getattr(wanted, name)
        if value:
            conditions.append(f"{name} = {{{name}:String}}")
            parameters[name] = value
    if wanted.within is not None:
        conditions.append("hospital_id IN {within:Array(String)}")
        parameters["within"] = list(wanted.within)
    return " AND ".join(conditions), parameters
