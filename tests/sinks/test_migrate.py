"""Which migrations apply, and which databases are refused."""

import pytest

from sinks.clickhouse.migrate import Migration, SchemaError, on_engine, packaged, pending

FIRST = Migration(1, "facts", "CREATE TABLE a (x UInt8);\n")
SECOND = Migration(2, "views", "-- how things stand\nCREATE VIEW b AS\nSELECT 1;\nCREATE VIEW c AS SELECT ';' AS text;\n")


def applied(*migrations: Migration) -> list[tuple[int, str, str]]:
    return [(migration.number, migration.name, migration.sha256) for migration in migrations]


def test_what_is_missing_is_applied_in_order() -> None:
    assert pending([], [SECOND, FIRST]) == [FIRST, SECOND]
    assert pending(applied(FIRST), [FIRST, SECOND]) == [SECOND]
    assert pending(applied(FIRST, SECOND), [FIRST, SECOND]) == []


def test_a_newer_database_is_refused() -> None:
    with pytest.raises(SchemaError, match="002_views, which this program does not know: it is newer"):
        pending(applied(FIRST, SECOND), [FIRST])


def test_a_changed_migration_is_refused() -> None:
    with pytest.raises(SchemaError, match="001_facts was applied with other content"):
        pending(applied(FIRST._replace(text="CREATE TABLE other (x UInt8)")), [FIRST, SECOND])


def test_statements_come_without_comments() -> None:
    assert SECOND.statements() == ["CREATE VIEW b AS\nSELECT 1", "CREATE VIEW c AS SELECT ';' AS text;"]


def test_the_packaged_ones_are_numbered_without_a_gap_and_can_be_repeated() -> None:
    found = packaged()
    assert [migration.number for migration in found] == list(range(1, len(found) + 1))
    for migration in found:
        for statement in migration.statements():
            first = statement.splitlines()[0]
            repeatable = ("IF NOT EXISTS", "MODIFY SETTING", "MATERIALIZE COLUMN")
            assert any(words in first for words in repeatable) or first.startswith("CREATE OR REPLACE VIEW")


def test_tables_replicate_where_the_database_does() -> None:
    statement = "CREATE TABLE a (x UInt8) ENGINE = ReplacingMergeTree ORDER BY x"
    assert on_engine(statement, replicated=False) == statement
    assert "ENGINE = ReplicatedReplacingMergeTree ORDER BY" in on_engine(statement, replicated=True)
