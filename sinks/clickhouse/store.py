"""Statements of the sink: a block's inserts, and what the tables hold of a partition's journal."""

from collections.abc import Iterable
from typing import Final

from clickhouse_connect.driver.client import Client

from sinks.clickhouse.resume import Stored
from sinks.clickhouse.rows import INPUTS, POSITION_BITS, Insert
from sinks.clickhouse.tables import TABLES

_INSERT_SETTINGS: Final = {
    "insert_deduplicate": 1,
    "async_insert": 0,
    "optimize_on_insert": 0,
    "max_threads": 1,
    "max_insert_threads": 1,
    "log_queries": 0,
    "max_partitions_per_insert_block": 0,
}
"""No position is in a block twice, so nothing has to be looked for; one thread writes a block of this size at the least cost. A producer's
wrong dates may touch every year of a table, which is no reason to stop."""


def insert(client: Client, part: Insert, token: str) -> None:
    """Insert one table's share of a block; nothing happens when the same table got a block under this token before."""
    settings = {**_INSERT_SETTINGS, "insert_deduplication_token": token}
    client.raw_insert(part.table, part.columns, part.data, settings=settings, fmt="Native")


def stored(client: Client, partitions: Iterable[int]) -> dict[int, Stored]:
    """What the tables hold of these partitions' journal; a partition of which nothing is stored is left out."""
    rows = client.query(
        "SELECT partition, count(), max(sequence), argMax(offset, sequence), argMax(hash, sequence) FROM journal_records "
        "WHERE partition IN {partitions:Array(UInt16)} GROUP BY partition",
        parameters={"partitions": sorted(partitions)},
    ).result_rows
    return {partition: Stored(records, sequence, offset, digest) for partition, records, sequence, offset, digest in rows}


def rows_from(client: Client, partition: int, sequence: int) -> int:
    """How many rows are of this partition's record `sequence` or later ones."""
    counts = " UNION ALL ".join(
        f"SELECT count() AS rows FROM {table} WHERE partition = {{partition:UInt16}} AND position >= {{position:UInt64}}"  # noqa: S608 - ours
        for table in (*(table.name for table in TABLES), INPUTS)
    )
    asked = {"partition": partition, "position": sequence << POSITION_BITS}
    return int(client.query(f"SELECT sum(rows) FROM ({counts})", parameters=asked).result_rows[0][0])  # noqa: S608 - our own table names


class Tables:
    """The tables of one connection, as the filler asks for them."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def insert(self, part: Insert, token: str) -> None:
        """`insert`."""
        insert(self._client, part, token)

    def stored(self, partitions: Iterable[int]) -> dict[int, Stored]:
        """`stored`."""
        return stored(self._client, partitions)

    def rows_from(self, partition: int, sequence: int) -> int:
        """`rows_from`."""
        return rows_from(self._client, partition, sequence)
