"""The ClickHouse database of the ledger: embedded in this process, or on a server. The DSN alone tells the two apart."""

from pathlib import Path
from types import TracebackType
from typing import Self

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from journal.secure import clickhouse_security
from journal.settings import Settings
from sinks.clickhouse.lock import FolderLock
from sinks.clickhouse.migrate import migrate

_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 120
"""How long one statement may take on a server. An insert must end well before Kafka takes the sink's partitions away (`sink`)."""


class Database:
    """The database, from `open` to `close`. `client()` gives a connection; a thread that asks often should keep one of its own,
    since a connection of the embedded engine answers one question at a time."""

    def __init__(self, settings: Settings) -> None:
        """Open it and bring its schema up to date.

        Raises FolderInUseError when the embedded engine's folder is another process's, SchemaError for a database of a newer
        program, and clickhouse_connect's errors when a server cannot be reached.
        """
        self.name = settings.clickhouse_database
        self._dsn = settings.clickhouse_dsn
        self._security = clickhouse_security(settings)
        self._folder = settings.data_dir / "clickhouse"
        self._lock = None if self._dsn else FolderLock(self._folder)
        self._clients: list[Client] = []
        try:
            first = self._connect()
            first.command(f"CREATE DATABASE IF NOT EXISTS {self.name}")
            first.close()
            self.applied = migrate(self.client())
        except BaseException:
            self.close()
            raise

    @property
    def embedded(self) -> bool:
        """Whether the engine runs in this process."""
        return not self._dsn

    @property
    def folder(self) -> Path:
        """Where the embedded engine keeps its data."""
        return self._folder

    def client(self) -> Client:
        """A new connection with this database as its default; closed with the database at the latest."""
        client = self._connect(self.name)
        self._clients.append(client)
        return client

    def close(self) -> None:
        """Close every connection and give the folder free. Harmless when repeated."""
        for client in self._clients:
            client.close()
        self._clients.clear()
        if self._lock is not None:
            self._lock.release()

    def _connect(self, database: str | None = None) -> Client:
        if not self._dsn:
            return clickhouse_connect.get_client(dsn=f"chdb://{self._folder.resolve()}", database=database)
        return clickhouse_connect.get_client(
            dsn=self._dsn,
            database=database or "default",
            autogenerate_session_id=False,
            connect_timeout=_CONNECT_SECONDS,
            send_receive_timeout=_ANSWER_SECONDS,
            **self._security,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()
