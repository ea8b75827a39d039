"""ClickHouse, asked: a few connections shared by all requests, bound parameters alone, reading alone."""

import asyncio
import queue
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error as ClickHouseError
from clickhouse_connect.driver.query import QueryResult

from api.problems import Kind, Problem
from sinks.clickhouse.database import Database
from sinks.clickhouse.faults import is_transient

CONNECTIONS: Final = 4
_SETTINGS: Final = {"readonly": 1, "max_execution_time": 20, "max_threads": 2}
Table = Sequence[Sequence[Any]]
T = TypeVar("T")


class Store:
    """Asks the database from threads of its own, one for each connection, until `close`."""

    def __init__(self, database: Database) -> None:
        self._free: queue.SimpleQueue[Client] = queue.SimpleQueue()
        for _ in range(CONNECTIONS):
            self._free.put(database.client())
        self._threads = ThreadPoolExecutor(CONNECTIONS, "clickhouse-reader")

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Table:
        """The rows of a question, for callers outside the event loop. Raises clickhouse_connect's errors."""
        return self._threads.submit(self._rows, sql, parameters).result()

    async def ask(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Table:
        """The same for requests. Raises Problem (503) while ClickHouse does not answer; a question that is wrong is a fault of ours."""
        return await self._answered(self._rows, sql, parameters)

    async def named(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows as mappings from the question's column names. Raises as `ask` does."""
        return await self._answered(self._named, sql, parameters)

    def close(self) -> None:
        """Wait for what is being asked. The connections are the database's."""
        self._threads.shutdown()

    async def _answered(self, ask: Callable[[str, Mapping[str, Any] | None], T], sql: str, parameters: Mapping[str, Any] | None) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, ask, sql, parameters)
        except (ClickHouseError, OSError) as error:
            if is_transient(error):
                raise Problem(Kind.STORE_UNAVAILABLE, "Ask again in a few seconds.", headers={"Retry-After": "5"}) from error
            raise

    def _rows(self, sql: str, parameters: Mapping[str, Any] | None) -> Table:
        return self._query(sql, parameters).result_rows

    def _named(self, sql: str, parameters: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        return list(self._query(sql, parameters).named_results())

    def _query(self, sql: str, parameters: Mapping[str, Any] | None) -> QueryResult:
        client = self._free.get()
        try:
            return client.query(sql, parameters=dict(parameters or {}), settings=dict(_SETTINGS))
        finally:
            self._free.put(client)
