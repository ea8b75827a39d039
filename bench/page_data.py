"""A year of a hospital group's ledger in ClickHouse: a simulated year, copied until it has the rows that are asked for.

A copy's records stand between those of the others, so that positions grow with time as in a journal, and each record names the one before.
"""

from typing import Final

from clickhouse_connect.driver.client import Client

from sinks.clickhouse.database import Database
from tests.dashboards.seeded import Seeded

ACCOUNTS: Final = 300
DAYS: Final = 365
_IDS: Final = frozenset(
    {"credit_reference", "transaction_id", "about", "source_id", "exception_id", "balance_id", "deposit_id", "event_id", "mandate_id"}
)
_OFFSETS: Final = frozenset({"source_offset", "offset"})
_COPIES_AT_ONCE: Final = 20
_SETTINGS: Final = "max_threads = 1, max_insert_threads = 1, insert_deduplicate = 0, max_block_size = 65536"


def seed(database: Database, rows: int, now_ms: int) -> int:
    """Fill an empty database with at least `rows` postings, a year up to `now_ms`; how many copies that took."""
    client = database.client()
    Seeded(now_ms, ACCOUNTS, DAYS).store(database)
    copies = -(-rows // _count(client, "ledger_entries"))
    tables = client.query("SELECT DISTINCT table FROM system.columns WHERE database = currentDatabase() AND name = 'partition'").result_rows
    found = client.query("SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'").result_rows
    stored = {name for (name,) in found}
    for (table,) in tables:
        if table in stored:
            _multiply(client, table, copies)
    return copies


def _multiply(client: Client, table: str, copies: int) -> None:
    found = client.query(
        "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String} "
        "AND default_kind NOT IN ('MATERIALIZED', 'ALIAS') ORDER BY position",
        parameters={"table": table},
    ).result_rows
    columns = [name for (name,) in found]
    client.command(f"CREATE TABLE one_{table} ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM {table}")
    client.command(f"TRUNCATE TABLE {table}")
    values = ", ".join(f"{_copied(table, column, copies)} AS {column}" for column in columns)
    for first in range(0, copies, _COPIES_AT_ONCE):
        numbers = f"SELECT number + {first} AS copy FROM numbers({min(_COPIES_AT_ONCE, copies - first)})"
        client.command(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "
            f"FROM one_{table} AS s CROSS JOIN ({numbers}) AS m SETTINGS {_SETTINGS}"
        )
    client.command(f"DROP TABLE one_{table} SYNC")


def _copied(table: str, column: str, copies: int) -> str:
    """A column's value in copy number `copy`."""
    if column in _IDS:
        return f"if(s.{column} = '', '', if(copy = 0, s.{column}, concat(toString(copy), '-', s.{column})))"
    if column in _OFFSETS:
        return f"s.{column} * {copies} + copy"
    if column == "sequence":
        return f"s.sequence * {copies} + copy"
    if column == "position":
        return f"bitOr(bitShiftLeft(bitShiftRight(s.position, 20) * {copies} + copy, 20), bitAnd(s.position, 1048575))"
    if table == "journal_records" and column == "hash":
        return _marked("s.hash", "copy")
    if table == "journal_records" and column == "previous":
        before = f"if(s.sequence = 0, s.previous, {_marked('s.previous', str(copies - 1))})"
        return f"if(copy = 0, {before}, {_marked('s.hash', 'copy - 1')})"
    return f"s.{column}"


def _marked(text: str, copy: str) -> str:
    return f"concat(substring({text}, 1, 56), lower(hex(toUInt32({copy}))))"


def _count(client: Client, table: str) -> int:
    return int(client.query(f"SELECT count() FROM {table}").result_rows[0][0])
