"""A fact: one effect of the journal as the tables hold it, whether it was read from ClickHouse or from the journal's latest records.

Both sources give the same fact for the same effect, with the same (partition, position), so putting them together drops repeats.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Final, NamedTuple

from journal.chain import Accepted
from ledger.effects import DeadLettered, Effect, Refused
from ledger.ids import effect_id
from ledger.record import Entry
from sinks.clickhouse.layout import Const, Field, Made, Source
from sinks.clickhouse.native import Column
from sinks.clickhouse.rows import INPUTS, POSITION_BITS
from sinks.clickhouse.tables import TABLES


class Fact(NamedTuple):
    """One row. Instants are epoch milliseconds (0 for none), dates ISO strings (empty for none), amounts cents."""

    table: str
    partition: int
    position: int
    source_topic: str
    source_offset: int
    ordinal: int
    at_ms: int
    recorded_ms: int
    business_date: str
    account: str
    values: Mapping[str, Any]

    @property
    def sequence(self) -> int:
        """Number of the journal record that holds it."""
        return self.position >> POSITION_BITS

    @property
    def id(self) -> str:
        """The effect's id: the CloudEvents id under which it was published, if it was."""
        return effect_id(self.source_topic, self.partition, self.source_offset, self.ordinal)


class Proof(NamedTuple):
    """One record of the hash chain: whoever has the journal can check that this record is in it, unchanged."""

    partition: int
    sequence: int
    offset: int
    previous: str
    hash: str


_Getter = Callable[[Any], Any]


def _getter(kind: type[Effect], column: Column, source: Source | None) -> _Getter:
    """How a column comes out of such an effect, as `sinks.clickhouse.tables` says."""
    match source:
        case Const(value):
            return lambda _: value
        case Field(name):
            return attrgetter(name)
        case Made(of):
            return of
    if column.name in kind.__struct_fields__:
        return attrgetter(column.name)
    return lambda _: column.type.blank


_GETTERS: Final = {
    kind: (table.name, {column.name: _getter(kind, column, sources.get(column.name)) for column in table.columns})
    for table in TABLES
    for kind, sources in table.kinds.items()
}


def of_entry(partition: int, sources: tuple[str, ...], recorded_ms: int, first: int, entry: Entry, business_date: str) -> Iterator[Fact]:
    """The facts of one journal entry; `first` is the position of its place in the record, as the sink counts."""
    topic, offset, account = sources[entry.source], entry.offset, entry.account
    if entry.ordinal == 0:
        yield Fact(INPUTS, partition, first, topic, offset, 0, entry.at_ms, recorded_ms, business_date, account, _input(entry))
    for number, effect in enumerate(entry.effects):
        known = _GETTERS.get(type(effect))
        if known is None:
            continue
        table, getters = known
        values = {name: of(effect) for name, of in getters.items()}
        ordinal, position = entry.ordinal + number, first + 1 + number
        yield Fact(table, partition, position, topic, offset, ordinal, entry.at_ms, recorded_ms, business_date, account, values)


def of_record(accepted: Accepted, about: str, business_date: Callable[[int], str]) -> Iterator[Fact]:
    """The facts of those entries of a record that name `about`: an account, a payment, a deposit."""
    return _of_entries(accepted, lambda entry: entry.account == about or _speaks_of(entry, about), business_date)


def of_patient(accepted: Accepted, patient: str, business_date: Callable[[int], str]) -> Iterator[Fact]:
    """The facts of a record that name the patient."""
    return (fact for fact in _of_entries(accepted, lambda _: True, business_date) if fact.values.get("patient_id") == patient)


def proof_of(accepted: Accepted) -> Proof:
    """The chain's proof of a record that was read from the journal."""
    previous = accepted.record().previous
    return Proof(accepted.partition, accepted.sequence, accepted.offset, previous, accepted.place.link.previous)


def merged(*sources: Iterable[Fact]) -> list[Fact]:
    """All facts once each, in the order in which they happened: by partition and position."""
    found = {(fact.partition, fact.position): fact for source in sources for fact in source}
    return [found[key] for key in sorted(found)]


def _of_entries(accepted: Accepted, wanted: Callable[[Entry], bool], business_date: Callable[[int], str]) -> Iterator[Fact]:
    record = accepted.record()
    position = record.sequence << POSITION_BITS
    for entry in record.entries:
        if wanted(entry):
            yield from of_entry(record.partition, record.sources, record.at_ms, position, entry, business_date(entry.at_ms))
        position += len(entry.effects) + 1


def _speaks_of(entry: Entry, about: str) -> bool:
    return any(
        about in (getattr(effect, name, "") for name in ("transaction_id", "about", "source_id", "adjustment_id"))
        for effect in entry.effects
    )


def _input(entry: Entry) -> dict[str, str]:
    first = entry.effects[0] if entry.effects else None
    match first:
        case Refused(reason, about, detail):
            outcome = ("refused", reason, about, detail)
        case DeadLettered(code, detail):
            outcome = ("dead", code, "", detail)
        case _:
            outcome = ("posted", "", "", "")
    return {"event_id": entry.event_id, "type": entry.type, **dict(zip(("outcome", "reason", "about", "detail"), outcome, strict=True))}
