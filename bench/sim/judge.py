"""The oracle's word on a run in memory: the same checks as after a crash proof on real Kafka, given what lies in this world."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from bench.oracle import balances, cents, contract, inputs, payments, public, replay
from bench.oracle.evidence import Evidence, opened
from bench.oracle.journal import Chain, follow
from bench.oracle.kafka import Raw
from bench.oracle.report import Finding, Report, Violations
from bench.sim.broker import Broker
from bench.sim.clients import MemoryReader
from bench.sim.tables import RecordRow, Tables
from journal.chain import ChainError
from journal.letter_box import Content
from journal.settings import Settings
from streams.poster import Poster

_KINDS = {**contract.TABLES, "refusals": ("refused", "dead")}


def judge(broker: Broker, tables: Tables, settings: Settings, machine: Poster, restless: str) -> Report:
    """Every invariant that has a meaning here: I7 and I8 need an API and files."""
    found = Evidence(
        {(raw.topic, raw.partition, raw.offset): raw for topic in contract.INPUTS for raw in _read(broker, topic)},
        follow(_read(broker, contract.JOURNAL)),
        [opened(raw, _unseal) for raw in _read(broker, contract.LETTERS)],
        [raw for topic in contract.PUBLIC for raw in _read(broker, topic)],
        list(_read(broker, contract.CHECKPOINTS)),
    )
    balanced, accounts = balances.check(found)
    rest = Violations("rest", "everything comes to rest when nothing goes wrong any more")
    rest.add_if(bool(restless), restless)
    return Report(
        (
            rest.finding(),
            inputs.check(found),
            inputs.check_letters(found),
            cents.check(found),
            balanced,
            check_tables(found.chains, tables),
            _replayed(found, broker, settings, machine),
            public.check(found),
            payments.check(found, accounts),
        )
    )


def check_tables(chains: dict[int, Chain], tables: Tables) -> Finding:
    """I4, as far as rows have positions: what is in them is proved where ClickHouse is."""
    bad = Violations("I4", "the tables have each effect, event and record exactly once, and nothing else")
    effects: dict[str, set[tuple[int, int]]] = {}
    for chain in chains.values():
        for fact in chain.facts():
            effects.setdefault(fact.kind, set()).add((chain.partition, fact.position))
    wanted = {table: set().union(*(effects.get(kind, set()) for kind in kinds)) for table, kinds in _KINDS.items()}
    wanted["inputs"] = {(chain.partition, group.position) for chain in chains.values() for group in chain.groups}
    wanted["journal_records"] = {(chain.partition, record.sequence) for chain in chains.values() for record in chain.records}
    for table in wanted.keys() | tables.positions.keys():
        _compare(table, tables.positions[table], wanted.get(table, set()), bad)
    for chain in chains.values():
        there = sorted(tables.records[chain.partition])
        bad.add_if(
            there != [RecordRow(record.sequence, record.offset, record.previous, record.hash) for record in chain.records],
            f"journal_records of partition {chain.partition} differ from its chain",
        )
    bad.counted = {"rows": sum(rows.total() for rows in tables.positions.values())}
    return bad.finding()


def _replayed(found: Evidence, broker: Broker, settings: Settings, machine: Poster) -> Finding:
    """I5. A journal that breaks the ledger's own assertions, or its chain, is a violation like any other."""
    try:
        return replay.compare(found, settings, machine, _read(broker, contract.JOURNAL), lambda: MemoryReader(broker))
    except (AssertionError, ChainError) as error:
        bad = Violations("I5", "the journal can be replayed")
        bad.add(f"{type(error).__name__}: {error}")
        return bad.finding()


def _compare(table: str, rows: Counter[tuple[int, int]], wanted: set[tuple[int, int]], bad: Violations) -> None:
    for key, count in rows.items():
        bad.add_if(count > 1, f"{table} has {count} rows at {key}")
        bad.add_if(key not in wanted, f"{table} has a row at {key} that the journal has not")
    for key in sorted(wanted - rows.keys()):
        bad.add(f"{table} lacks {key}")


def _read(broker: Broker, topic: str) -> Iterator[Raw]:
    for number, stored in broker.topic(topic):
        if stored.committed:
            yield Raw(topic, number, stored.offset, stored.at_ms, stored.key, stored.value, stored.headers)


def _unseal(value: bytes | None) -> Content | None:
    return msgspec.msgpack.decode(value or b"", type=Content)
