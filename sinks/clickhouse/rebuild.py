"""Makes the tables anew from the journal, and fingerprints that show that nothing has changed by it."""

from collections.abc import Callable
from typing import Final

from clickhouse_connect.driver.client import Client

from journal.reader import ChainReader
from journal.settings import Settings
from sinks.clickhouse.attempts import store_all
from sinks.clickhouse.database import Database
from sinks.clickhouse.rows import INPUTS, JOURNAL_RECORDS
from sinks.clickhouse.sink import ClickHouseSink
from sinks.clickhouse.tables import TABLES

FACTS: Final = (JOURNAL_RECORDS, INPUTS, *(table.name for table in TABLES))
"""Every table that the sink fills."""
_LOOK_SECONDS = 0.2

Progress = Callable[[int, int], None]
"""Told how many messages of the journal are done, and how many there are."""


def rebuild(settings: Settings, database: Database, progress: Progress | None = None) -> dict[str, str]:
    """Drop all tables, store the journal and the delivery logs as they end now, and return the fingerprints of what is there then.

    Any other sink must be stopped. A rebuild that breaks off can be repeated, or be finished by an ordinary start of the sink.
    Raises what stopped the sink: ChainError, SinkError, or errors of ClickHouse.
    """
    with ChainReader(settings) as reader:
        ends = reader.ends(range(settings.partitions))
    whole = sum(ends.values())
    sink = ClickHouseSink(settings, database, from_start=True)
    sink.start()
    try:
        while not sink.wait(_LOOK_SECONDS):
            reached = sink.reached()
            if progress is not None:
                progress(min(sum(reached.values()), whole), whole)
            if len(reached) == len(ends) and all(reached[p] >= end for p, end in ends.items()):
                break
    finally:
        sink.stop()
    if sink.error is not None:
        raise sink.error
    store_all(settings, database)
    return fingerprint(database.client())


def fingerprint(client: Client) -> dict[str, str]:
    """For each table its number of rows and a hash of their content; equal whenever the same rows are there, in whatever order or parts."""
    return {table: _fingerprint(client, table) for table in FACTS}


def _fingerprint(client: Client, table: str) -> str:
    # Two sums of independent hashes: a row that is there twice shows in the count and in both, other than in an exclusive or.
    row = "formatRow('JSONCompactEachRow', *)"
    counted = client.query(f"SELECT count(), sum(sipHash64({row})), sum(cityHash64({row})) FROM {table}")  # noqa: S608 - our own table names
    rows, first, second = counted.result_rows[0]
    return f"{rows}:{first:016x}{second:016x}"
