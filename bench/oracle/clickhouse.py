"""I4: ClickHouse has each effect exactly once without FINAL, and its rows say what the journal says."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import orjson
from clickhouse_connect.driver.client import Client

from bench.oracle.contract import EFFECTS, TABLES
from bench.oracle.evidence import Evidence
from bench.oracle.journal import Chain, Fact
from bench.oracle.report import Finding, Violations

_COMMON = ("partition", "position", "source_topic", "source_offset", "ordinal", "credit_reference")
_LEFT_OUT = frozenset({"instrument", "contact"})
"""personal data, which no table has"""
_AS_JSON = frozenset({"fired", "exceptions", "candidates"})
"""lists that a table keeps as JSON; empty text for an empty one"""
_Key = tuple[int, int]


def check(evidence: Evidence, client: Client) -> Finding:
    """The finding. The client's default database is the ledger's."""
    bad = Violations("I4", "ClickHouse: count() = uniqExact(position) without FINAL, and rows = journal effects")
    expected: dict[str, dict[_Key, Fact]] = {kind: {} for kind in EFFECTS}
    for chain in evidence.chains.values():
        for fact in chain.facts():
            expected[fact.kind][chain.partition, fact.position] = fact
    rows = 0
    for table, kinds in TABLES.items():
        wanted = {key: fact for kind in kinds for key, fact in expected[kind].items()}
        rows += _check_table(client, table, wanted, bad)
    rows += _check_inputs(client, evidence, bad)
    _check_records(client, evidence.chains, bad)
    bad.counted = {"rows": rows, "effects": sum(map(len, expected.values()))}
    return bad.finding()


def _check_table(client: Client, table: str, wanted: dict[_Key, Fact], bad: Violations) -> int:
    count, distinct = _one(client, f"SELECT count(), uniqExact(partition, position) FROM {table}")
    bad.add_if(count != distinct, f"{table} has {count} rows at {distinct} positions")
    bad.add_if(count != len(wanted), f"{table} has {count} rows, the journal {len(wanted)} effects")
    seen = set()
    for row in _rows(client, table):
        key = row["partition"], row["position"]
        seen.add(key)
        fact = wanted.get(key)
        if fact is None:
            bad.add(f"{table} has a row at {key} that the journal has not")
        elif wrong := _differences(row, fact):
            bad.add(f"{table} at {key}: {', '.join(wrong)} differ from {fact.kind} of {fact.place}")
    for key in wanted.keys() - seen:
        bad.add(f"{table} lacks {wanted[key].kind} of {wanted[key].place} at {key}")
    return int(count)


def _check_inputs(client: Client, evidence: Evidence, bad: Violations) -> int:
    wanted = {
        (chain.partition, group.position): (group.topic, group.offset, group.outcome)
        for chain in evidence.chains.values()
        for group in chain.groups
    }
    found = client.query("SELECT partition, position, source_topic, source_offset, outcome FROM inputs").result_rows
    bad.add_if(len(found) != len(wanted), f"inputs has {len(found)} rows, the journal {len(wanted)} events")
    for partition, position, *rest in found:
        expected = wanted.get((partition, position))
        bad.add_if(expected != tuple(rest), f"inputs at {partition}, {position} says {rest}, the journal {expected}")
    return len(found)


def _check_records(client: Client, chains: dict[int, Chain], bad: Violations) -> None:
    wanted = {(chain.partition, record.sequence): (record.previous, record.hash) for chain in chains.values() for record in chain.records}
    found = client.query("SELECT partition, sequence, previous, hash FROM journal_records").result_rows
    bad.add_if(len(found) != len(wanted), f"journal_records has {len(found)} rows, the journal {len(wanted)} records")
    for partition, sequence, previous, own in found:
        bad.add_if(wanted.get((partition, sequence)) != (previous, own), f"journal_records: {partition}, {sequence} has another hash")


def _one(client: Client, sql: str) -> tuple[int, int]:
    [(first, second)] = client.query(sql).result_rows
    return int(first), int(second)


def _rows(client: Client, table: str) -> Iterator[dict[str, Any]]:
    result = client.query(f"SELECT * FROM {table}")
    for row in result.result_rows:
        yield dict(zip(result.column_names, row, strict=True))


def _differences(row: dict[str, Any], fact: Fact) -> list[str]:
    common = (fact.partition, fact.position, fact.topic, fact.offset, fact.ordinal, fact.account)
    wrong = [name for name, value in zip(_COMMON, common, strict=True) if row[name] != value]
    return wrong + [
        name for name, value in fact.values.items() if name in row and name not in _LEFT_OUT and _is_other(name, row[name], value)
    ]


def _is_other(name: str, column: Any, value: Any) -> bool:
    if name in _AS_JSON:
        return bool((orjson.loads(column) if column else []) != value)
    return bool(_plain(column) != _bare(value))


def _plain(value: Any) -> Any:
    """A column's value as the journal writes it: dates are ISO text, nothing is empty text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return list(value)
    return "" if value is None else value


def _bare(value: Any) -> Any:
    return list(value) if isinstance(value, (list, tuple)) else value
