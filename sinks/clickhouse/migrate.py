"""Brings a database to this program's schema: numbered SQL files, each applied once and recorded with its checksum."""

import hashlib
import re
from collections.abc import Iterable
from importlib import resources
from typing import NamedTuple

from clickhouse_connect.driver.binding import quote_identifier
from clickhouse_connect.driver.client import Client

_NAME = re.compile(r"([0-9]{3})_([a-z0-9_]+)\.sql")
_APPLIED = """
CREATE TABLE IF NOT EXISTS schema_migrations
(
    number     UInt32,
    name       String,
    sha256     String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY number
"""


class SchemaError(Exception):
    """The database isn't one that this program may change. The message is one sentence that says why."""


class Migration(NamedTuple):
    """One SQL file. Its statements can be repeated, so that a crash half-way is mended by starting again."""

    number: int
    name: str
    text: str

    @property
    def sha256(self) -> str:
        """Checksum of the file."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def statements(self) -> list[str]:
        """The statements, without comments."""
        plain = "\n".join(line for line in self.text.splitlines() if not line.lstrip().startswith("--"))
        return [statement.strip() for statement in plain.split(";\n") if statement.strip()]


def packaged() -> tuple[Migration, ...]:
    """The migrations that belong to this program, in order."""
    found = []
    for file in resources.files("sinks.clickhouse.migrations").iterdir():
        named = _NAME.fullmatch(file.name)
        if named:
            found.append(Migration(int(named[1]), named[2], file.read_text(encoding="utf-8")))
    return tuple(sorted(found))


def pending(applied: Iterable[tuple[int, str, str]], known: Iterable[Migration]) -> list[Migration]:
    """The migrations to apply, given (number, name, checksum) of those that were applied.

    Raises SchemaError when the database was written by a newer program, or by one whose file of the same number differs.
    """
    done = {number: (name, sha256) for number, name, sha256 in applied}
    mine = {migration.number: migration for migration in known}
    for number, (name, sha256) in sorted(done.items()):
        if number not in mine:
            raise SchemaError(
                f"The database has migration {number:03}_{name}, which this program does not know: it is newer; upgrade first."
            )
        if mine[number].sha256 != sha256:
            raise SchemaError(f"Migration {number:03}_{name} was applied with other content than this program's; rebuild the database.")
    return [migration for number, migration in sorted(mine.items()) if number not in done]


def migrate(client: Client) -> list[str]:
    """Apply what is missing in the client's database; the names of what was applied. Raises SchemaError."""
    replicated = is_replicated(client)
    client.command(on_engine(_APPLIED, replicated=replicated))
    rows = client.query("SELECT number, any(name), any(sha256) FROM schema_migrations GROUP BY number").result_rows
    applied = []
    for migration in pending(((int(number), str(name), str(sha256)) for number, name, sha256 in rows), packaged()):
        for statement in migration.statements():
            client.command(on_engine(statement, replicated=replicated))
        client.insert(
            "schema_migrations",
            [[migration.number, migration.name, migration.sha256]],
            column_names=["number", "name", "sha256"],
            column_type_names=["UInt32", "String", "String"],
        )
        applied.append(f"{migration.number:03}_{migration.name}")
    return applied


def recreate(client: Client) -> None:
    """Drop every table and view of the client's database and make them anew, empty."""
    found = client.query("SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY engine != 'View', name").result_rows
    for (name,) in found:
        client.command(f"DROP TABLE IF EXISTS {quote_identifier(name)} SYNC")
    migrate(client)


def is_replicated(client: Client) -> bool:
    """Whether the client's database replicates its tables."""
    return bool(client.query("SELECT engine = 'Replicated' FROM system.databases WHERE name = currentDatabase()").result_rows[0][0])


def on_engine(statement: str, *, replicated: bool) -> str:
    """The statement for a single server or, with replicated tables, for a database that replicates."""
    return statement.replace("ENGINE = ReplacingMergeTree", "ENGINE = ReplicatedReplacingMergeTree") if replicated else statement
