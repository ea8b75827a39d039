"""The tables and views on the real engine: types, deduplication, and what the views say of hand-made lives."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client

from ach.rail import AchRail
from journal.settings import Settings
from ledger import effects as fx
from ledger.ids import effect_id
from sinks.clickhouse import store
from sinks.clickhouse.database import Database
from sinks.clickhouse.layout import COMMON
from sinks.clickhouse.migrate import SchemaError, migrate, packaged, recreate
from sinks.clickhouse.native import TEXT, WORD
from sinks.clickhouse.rebuild import FACTS, fingerprint
from sinks.clickhouse.resume import Stored
from sinks.clickhouse.rows import POSITION_BITS, Rows
from sinks.clickhouse.tables import TABLES
from tests.sinks.life import DAY_MS, life
from tests.sinks.records import AT_MS, Journal, entry

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with (
        tempfile.TemporaryDirectory(prefix="hms-ach-schema-") as folder,
        Database(Settings.model_validate({"data_dir": Path(folder)})) as opened,
    ):
        yield opened


@pytest.fixture
def client(database: Database) -> Client:
    """A connection to empty tables."""
    client = database.client()
    recreate(client)
    return client


def insert(client: Client, journal: Journal, token: str = "") -> None:
    rows = Rows(journal.partition, AchRail().business_date)
    for accepted in journal.records:
        rows.add(accepted)
    for part in rows.inserts():
        store.insert(client, part, token or f"journal:{journal.partition}:{len(journal.records)}")


def test_every_column_has_the_type_it_is_written_with(client: Client) -> None:
    found = client.query(
        "SELECT table, name, type FROM system.columns WHERE database = currentDatabase() AND default_kind != 'MATERIALIZED'"
    ).result_rows
    types = {(table, name): kind for table, name, kind in found}
    for table in TABLES:
        wanted = {column.name: column.type for column in (*COMMON, *table.columns)}
        assert {name for owner, name in types if owner == table.name} == set(wanted)
        for name, kind in wanted.items():
            stored = types[table.name, name]
            plain = stored.removeprefix("LowCardinality(").removesuffix(")") if kind in {WORD, TEXT} else stored
            assert plain == kind.name, f"{table.name}.{name}"


def test_a_block_that_was_half_stored_is_completed_and_not_repeated(client: Client) -> None:
    """A block over two years is two parts, and a crash can leave one: the same block again adds the other."""
    old = fx.Posted("cash", "suspense", 1, "h", "old")
    journal = Journal()
    journal.append(entry(old, old, at_ms=AT_MS - 400 * DAY_MS))
    half = Journal()
    half.append(entry(old, old, at_ms=AT_MS - 400 * DAY_MS))
    journal.append(entry(old, offset=1), entry(old, offset=2))
    insert(client, half, "block")
    insert(client, journal, "block")
    insert(client, journal, "block")
    years = client.query("SELECT toYear(business_date) AS year, count() FROM ledger_entries GROUP BY year ORDER BY year").result_rows
    assert list(years) == [(2025, 2), (2026, 2)]


def test_without_the_token_the_same_rows_would_be_there_twice(client: Client) -> None:
    journal = Journal()
    journal.append(entry(fx.Posted("cash", "suspense", 1, "h", "x")))
    insert(client, journal, "one")
    insert(client, journal, "two")
    assert client.query("SELECT count() FROM ledger_entries").result_rows[0][0] == 2
    assert client.query("SELECT count() FROM ledger_entries FINAL").result_rows[0][0] == 1


def test_a_hundred_years_in_one_block_are_stored(client: Client) -> None:
    journal = Journal()
    journal.append(*[entry(fx.Posted("cash", "suspense", 1, "h", "x"), offset=n, at_ms=n * 366 * DAY_MS) for n in range(128)])
    journal.append(entry(fx.Posted("cash", "suspense", 1, "h", "x"), offset=200, at_ms=-62_135_596_800_000))
    insert(client, journal)
    assert client.query("SELECT count(), min(at) = toDateTime64(0, 3, 'UTC') FROM ledger_entries").result_rows[0] == (129, True)


def test_the_views_say_how_things_stand(client: Client) -> None:
    journal = Journal()
    life(journal)
    insert(client, journal)
    (payment,) = client.query("SELECT * FROM payments WHERE transaction_id = 'pay-1'").named_results()
    assert (payment["status"], payment["letter"], payment["code"]) == ("retry_scheduled", "P", "")
    assert (payment["amount_cents"], payment["hospital_id"], payment["reviewer"]) == (100_000, "hospital-1", "reviewer-7")
    assert (payment["trace_number"], payment["file_id"], payment["retries"]) == ("091000010000001", "file-1", 1)
    assert (payment["settlement_date"], payment["return_date"]) == (date(2026, 3, 3), date(2026, 3, 5))
    assert payment["initiated_on"] == date(2026, 3, 2)
    balances = {row["balance_id"]: row for row in client.query("SELECT * FROM balances").named_results()}
    assert {name: (row["original_cents"], row["open_cents"]) for name, row in balances.items()} == {
        "bal-1": (100_000, 100_000),
        "bal-2": (50_000, 30_000),
    }
    exceptions = {row["exception_id"]: row for row in client.query("SELECT * FROM exceptions").named_results()}
    assert {name: (row["state"], row["how"], row["closed_at"] is None) for name, row in exceptions.items()} == {
        "pay-1/HELD": ("closed", "reviewed", False),
        "pay-1/R01": ("open", "", True),
    }
    (returned,) = client.query("SELECT * FROM returns").named_results()
    assert (returned["code"], returned["direction"], returned["sec_code"], returned["initiated_on"]) == (
        "R01",
        "repayment",
        "WEB",
        date(2026, 3, 2),
    )
    lines = client.query("SELECT account, debit_cents, credit_cents FROM ledger_lines ORDER BY account").result_rows
    assert list(lines) == [("hospital_payable", 0, 150_000), ("patient_receivable", 150_000, 0)]
    (credited, debited) = client.query("SELECT account, debit_cents - credit_cents FROM account_balances ORDER BY account").result_rows
    assert (credited, debited) == (("hospital_payable", -150_000), ("patient_receivable", 150_000))


def test_the_views_say_what_people_did(client: Client) -> None:
    journal = Journal()
    opened = fx.ExceptionOpened(
        "d/AMBIGUOUS", "AMBIGUOUS", "medium", "d", 500, "two", "h", AT_MS + DAY_MS, ((("b-1",), 55), (("b-2",), 55))
    )
    people = {"source": 2, "kind": "exception.assigned.v1"}
    journal.append(
        entry(fx.BalanceOpened("b-1", "h", "p", 500, "2026-04-01", "inv-1"), opened, fx.ExceptionOpened("t/X", "X", "low", "t", 1, "")),
        entry(fx.Acted("e1", "anna", "assigned", "d/AMBIGUOUS"), fx.ExceptionAssigned("d/AMBIGUOUS", "cara"), offset=1, **people),  # type: ignore[arg-type]
        entry(fx.ExceptionSnoozed("d/AMBIGUOUS", AT_MS + 2 * DAY_MS), fx.ExceptionAssigned("t/X", "bert"), offset=2, **people),  # type: ignore[arg-type]
        entry(fx.ExceptionOverdue("d/AMBIGUOUS", 2, "cara"), fx.ExceptionClosed("t/X", "paid", "anna"), offset=3, **people),  # type: ignore[arg-type]
        entry(fx.ExceptionOpened("t/X", "X", "low", "t", 2, "", "h"), offset=4, **people),  # type: ignore[arg-type]
        entry(fx.AdjustmentProposed("a-1", "write_off", "b-1", 200, "h", "anna", "small"), offset=5, **people),  # type: ignore[arg-type]
        entry(fx.AdjustmentDecided("a-1", "approved", "bert"), fx.BalanceAdjusted("b-1", "a-1", -200, "h"), offset=6, **people),  # type: ignore[arg-type]
        entry(fx.AdjustmentProposed("a-2", "refund", "d", 7, "h", "bert", "why", "d/AMBIGUOUS"), offset=7, **people),  # type: ignore[arg-type]
    )
    insert(client, journal)
    found = {row["exception_id"]: row for row in client.query("SELECT * FROM exceptions").named_results()}
    wanted = found["d/AMBIGUOUS"]
    assert (wanted["state"], wanted["owner"], wanted["level"], wanted["candidates"]) == ("open", "cara", 2, '[[["b-1"],55],[["b-2"],55]]')
    assert (wanted["snoozed_until"] - wanted["due_at"]).days == 1
    again = found["t/X"]
    assert (again["state"], again["owner"], again["amount_cents"], again["closed_by"], again["due_at"]) == ("open", "", 2, "", None)
    (balance,) = client.query("SELECT * FROM balances").named_results()
    assert (balance["matched_cents"], balance["adjusted_cents"], balance["open_cents"]) == (0, -200, 300)
    told = client.query("SELECT adjustment_id, state, form, about, amount_cents, maker, checker FROM adjustments ORDER BY 1").result_rows
    assert list(told) == [
        ("a-1", "approved", "write_off", "b-1", 200, "anna", "bert"),
        ("a-2", "proposed", "refund", "d", 7, "bert", ""),
    ]


def test_the_same_transaction_id_in_two_accounts_is_two_payments(client: Client) -> None:
    journal = Journal()
    for account, cents in (("credit-1", 5), ("credit-2", 7)):
        journal.append(entry(fx.PaymentInitiated("pay-1", "repayment", cents, "h", "p"), account=account))
    insert(client, journal)
    found = client.query("SELECT credit_reference, amount_cents FROM payments ORDER BY credit_reference").result_rows
    assert list(found) == [("credit-1", 5), ("credit-2", 7)]


def test_a_payment_is_found_by_its_index_and_not_by_a_scan(client: Client) -> None:
    journal = Journal()
    life(journal)
    insert(client, journal)
    plan = "\n".join(
        row[0] for row in client.query("EXPLAIN indexes = 1 SELECT * FROM payments WHERE transaction_id = 'pay-1'").result_rows
    )
    assert "transaction_id in ['pay-1', 'pay-1']" in plan


def test_a_row_names_what_the_public_topics_name(client: Client) -> None:
    """The id of an effect on the public topics follows from columns of its row."""
    journal = Journal(partition=5)
    posted = fx.Posted("cash", "suspense", 1, "h", "x")
    journal.append(entry(posted, posted, source=1, offset=17, ordinal=4))
    insert(client, journal)
    found = client.query("SELECT source_topic, partition, source_offset, ordinal FROM ledger_entries ORDER BY position").result_rows
    assert [effect_id(*row) for row in found] == [effect_id("bank.settlements.v1", 5, 17, ordinal) for ordinal in (4, 5)]


def test_what_is_stored_is_told_by_partition(client: Client) -> None:
    journal = Journal(partition=1)
    life(journal)
    insert(client, journal)
    last = journal.records[-1]
    assert store.stored(client, [0, 1]) == {1: Stored(3, 2, last.offset, last.place.link.previous)}
    assert store.rows_from(client, 1, 3) == 0
    assert store.rows_from(client, 1, 2) == 9
    assert store.rows_from(client, 0, 0) == 0
    position = client.query("SELECT max(position) FROM payment_events").result_rows[0][0]
    assert position >> POSITION_BITS == 2


def test_fingerprints_see_every_change(client: Client) -> None:
    journal = Journal()
    life(journal)
    insert(client, journal)
    before = fingerprint(client)
    assert set(before) == set(FACTS)
    insert(client, journal, "again")
    twice = fingerprint(client)
    assert all(before[table] != twice[table] for table in FACTS if not before[table].startswith("0:"))
    for table in FACTS:
        client.command(f"OPTIMIZE TABLE {table} FINAL")
    assert fingerprint(client) == before
    client.command("ALTER TABLE matches UPDATE amount_cents = amount_cents + 1 WHERE balance_id = 'bal-2' SETTINGS mutations_sync = 1")
    assert [table for table in FACTS if fingerprint(client)[table] != before[table]] == ["matches"]


def test_a_migrated_database_is_left_alone_and_a_newer_one_refused(client: Client) -> None:
    assert migrate(client) == []
    number = len(packaged()) + 1
    client.insert("schema_migrations", [[number, "later", "x"]], column_names=["number", "name", "sha256"])
    with pytest.raises(SchemaError, match=f"migration {number:03}_later"):
        migrate(client)


def test_the_view_of_balances_counts_charges_and_what_became_of_them(client: Client) -> None:
    journal = Journal()
    fee = ("fees", "late-fee", "c-1", "c-1", 1_500, "h", "p", "2026-03-20", "book@1", "Late fee.")
    journal.append(
        entry(
            fx.BalanceOpened("c-1", "h", "p", 10_000, "2026-03-09", "inv-c", "plan-c"),
            fx.BalanceOpened("c-2", "h", "p", 10_000, "2026-04-09", "", "plan-c"),
            fx.Accruing("c-1", "2026-03-02", "", 0, AT_MS + 18 * DAY_MS),
        ),
        entry(fx.Charged("c-1/late-fee", *fee), fx.Accruing("c-1", "2026-03-02", "", 0, 0), source=3, kind="tick.v1"),
        entry(fx.Matched("pay-c", "c-1/late-fee", 500, "id"), fx.ChargeWaived("c-1/late-fee", 1_000, "in time"), source=1),
        entry(fx.Recast("c-1", "plan-c", -2_500, "book@1"), fx.Recast("c-2", "plan-c", 2_500, "book@1"), source=1, offset=1),
    )
    insert(client, journal)
    sql = "SELECT * FROM balances WHERE startsWith(balance_id, 'c-')"
    rows = {row["balance_id"]: row for row in client.query(sql).named_results()}
    assert {name: (row["original_cents"], row["open_cents"], row["component"]) for name, row in rows.items()} == {
        "c-1": (7_500, 7_500, "principal"),
        "c-2": (12_500, 12_500, "principal"),
        "c-1/late-fee": (500, 0, "fees"),
    }
    assert (rows["c-1/late-fee"]["parent_id"], rows["c-1/late-fee"]["due_date"]) == ("c-1", date(2026, 3, 20))
    (owed,) = client.query("SELECT sum(amount_cents) FROM balance_items WHERE startsWith(balance_id, 'c-')").result_rows[0]
    assert owed == 20_500
    stands = client.query("SELECT due_at IS NULL FROM accruals ORDER BY position").result_rows
    assert [row[0] for row in stands] == [0, 1]
