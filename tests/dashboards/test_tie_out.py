"""The tie-out: what it compares is what plain loops over the journal find, nothing differs in a sound ledger, and what does is named."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from clickhouse_connect.driver.client import Client

from api.kpis import Asked, KpiReader
from api.store import Store
from dashboards.kpi import kpis
from journal.settings import Settings
from ledger import effects as fx
from ledger.book import Book, Position
from ledger.money import cents
from ledger.record import Entry
from ledger.wire import epoch_ms
from rules.compile import compile_or_reason
from sinks.clickhouse.database import Database
from sinks.clickhouse.rows import Rows
from sinks.clickhouse.store import insert
from sinks.clickhouse.tables import TABLES
from tests.dashboards.seeded import Seeded
from tests.ledger.books import TABLE_BOOK
from tests.ledger.sentences import event
from tests.ledger.table import RAIL, apply
from tests.ledger.words import instant
from tests.sinks.records import Journal

pytestmark = pytest.mark.live
NOW_MS = epoch_ms(instant("06-01 10:00"))
PERIOD = (date(2026, 3, 1), date(2026, 6, 1))
PARTITION = 77
"""of the history below, beside the partitions of the seeded ledger"""
HISTORY = """
03-02 10:00 | balance B1 100.00 due 03-15
03-02 10:01 | balance B2 350.00 due 03-15
03-02 10:02 | repayment T1 100.00 for B1
03-02 10:03 | submitted T1
03-02 10:04 | disbursement T2 70.00
03-02 10:05 | submitted T2
03-04 10:00 | settled T1 100.00 on 03-04
03-04 10:01 | settled T2 70.00 on 03-04
03-05 10:00 | returned T2 R03 70.00 on 03-05
03-06 10:00 | returned T1 R10 100.00 on 03-06
03-11 10:00 | deposit D1 360.00 on 03-11 for B2
03-12 10:00 | settled T9 60.00 on 03-12
03-13 10:00 | balance B3 40.00 due 04-15 hospital H2
03-25 10:00 | tick
"""


class Tied(NamedTuple):
    """A ledger, its tables, and who reads them."""

    entries: list[Entry]
    client: Client
    store: Store

    def answer(self, name: str, hospital: str = "") -> list[dict[str, Any]]:
        reader = KpiReader(self.store, lambda: NOW_MS)
        asked = Asked(*PERIOD, hospital, as_of_ms=NOW_MS)
        return asyncio.run(reader.answer(kpis()[name], asked)).rows

    def ties(self, hospital: str = "") -> dict[str, dict[str, Any]]:
        return {str(row["tie"]): row for row in self.answer("tie_out", hospital)}


def told() -> list[Entry]:
    """The history, decided by a real book: money that came and went back, lies in suspense, or is of a payment that nobody knows."""
    book = Book(RAIL, compile_or_reason, TABLE_BOOK)
    found: list[Entry] = []
    for number, row in enumerate(HISTORY.strip().splitlines()):
        at, sentence = (cell.strip() for cell in row.split("|"))
        when = instant(at)
        found += apply(book, event(sentence, when, f"e{number}"), Position(0, number, epoch_ms(when)))
    return found


@pytest.fixture(scope="module")
def tied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tied]:
    seeded, history = Seeded(NOW_MS, 60, 60), told()
    journal, rows = Journal(PARTITION), Rows(PARTITION, RAIL.business_date)
    for entry in history:
        rows.add(journal.append(entry, at_ms=entry.at_ms + 500))
    with Database(Settings(data_dir=Path(tmp_path_factory.mktemp("tied")))) as database:
        seeded.store(database)
        for part in rows.inserts():
            insert(database.client(), part, "history")
        store = Store(database)
        yield Tied([*(entry for _, _, entry in seeded.entries()), *history], database.client(), store)
        store.close()


def signed(dollars: str) -> int:
    """Cents of an amount as it is sent."""
    return -cents(dollars[1:]) if dollars.startswith("-") else cents(dollars)


def moved(entries: list[Entry], account: str) -> int:
    """What all postings together put on an account of the ledger."""
    posted = [effect for entry in entries for effect in entry.effects if isinstance(effect, fx.Posted)]
    return sum(each.amount_cents * ((each.debit == account) - (each.credit == account)) for each in posted)


def test_a_sound_ledger_ties_out_and_the_sums_are_those_of_the_journal(tied: Tied) -> None:
    found = tied.ties()
    assert list(found) == ["ledger_bank", "bank_files", "ledger_balances", "journal_tables"]
    assert {name: row["broken"] for name, row in found.items() if name != "bank_files"} == dict.fromkeys(
        ["ledger_bank", "ledger_balances", "journal_tables"], 0
    )
    assert [found[name]["difference_amount"] for name in ("ledger_bank", "ledger_balances")] == ["0.00", "0.00"]
    assert signed(found["ledger_bank"]["left_amount"]) == moved(tied.entries, "cash"), "everything moved in the period"
    assert signed(found["ledger_balances"]["left_amount"]) == moved(tied.entries, "patient_receivable")
    assert found["journal_tables"]["left_count"] == sum(len(entry.effects) for entry in tied.entries)
    cash = Counter(
        effect.about
        for entry in tied.entries
        for effect in entry.effects
        if isinstance(effect, fx.Posted) and "cash" in (effect.debit, effect.credit)
    )
    assert found["ledger_bank"]["n"] >= len(cash) > 60
    assert {"T1", "T2", "T9", "D1"} <= set(cash)


def test_what_the_bank_settled_without_a_file_of_ours_is_named(tied: Tied) -> None:
    """The history's payments have neither file nor trace number."""
    assert tied.ties()["bank_files"]["broken"] == 2
    rows = [row for row in tied.answer("tie_out_breaks") if row["tie"] == "bank_files"]
    assert {(row["about"], row["left_amount"], row["right_amount"], row["difference_amount"]) for row in rows} == {
        ("T1", "100.00", "0.00", "100.00"),
        ("T2", "70.00", "0.00", "70.00"),
    }
    assert tied.ties("H01")["bank_files"]["broken"] == 0


def test_of_one_hospital_nothing_is_told_that_concerns_all(tied: Tied) -> None:
    """H1 and H2 have bills in one account, and what H1 received may pay either."""
    for hospital in ("H01", "H1", "H2"):
        assert set(tied.ties(hospital)) == {"ledger_bank", "bank_files"}
        assert tied.ties(hospital)["ledger_bank"]["broken"] == 0
    assert tied.ties("H01")["bank_files"]["broken"] == 0
    assert [tied.ties("H2")[name]["n"] for name in ("ledger_bank", "bank_files")] == [0, 0]


def test_a_block_that_is_being_stored_is_no_difference(tied: Tied) -> None:
    journal, rows = Journal(99), Rows(99, RAIL.business_date)
    for entry in told():
        rows.add(journal.append(entry, at_ms=entry.at_ms + 500))
    before, parts = tied.ties(), list(rows.inserts())
    for part in parts[:-1]:
        insert(tied.client, part, "being stored")
        assert tied.ties() == before, part.table
    insert(tied.client, parts[-1], "being stored")
    after = tied.ties()["journal_tables"]
    assert (after["n"], after["broken"]) == (before["journal_tables"]["n"] + 1, 0)


def test_each_difference_is_found_where_it_is(tied: Tied) -> None:
    """Last: it spoils the tables."""
    line = f"({PARTITION}, 1, 'hms.operations.v1', 9, 0, '2026-05-04 12:00:00', '2026-05-04 12:00:00', '2026-05-04', 'CR-1', "
    common = "partition, position, source_topic, source_offset, ordinal, at, recorded_at, business_date, credit_reference"
    posted = f"INSERT INTO ledger_entries ({common}, hospital_id, about, debit, credit, amount_cents) VALUES "
    tied.client.command(f"{posted}{line}'H1', 'T1', 'cash', 'suspense', 1)")
    tied.client.command(f"{posted}{line}'H1', 'T2', 'suspense', 'cash', 1)")
    owed = f"INSERT INTO balance_items ({common}, kind, balance_id, amount_cents) VALUES "
    tied.client.command(f"{owed}{line}'opened', 'B7', 500)")
    found = tied.ties()
    assert (found["ledger_bank"]["broken"], found["ledger_bank"]["difference_amount"]) == (2, "0.02"), "one does not hide the other"
    assert found["ledger_bank"]["left_amount"] == found["ledger_bank"]["right_amount"]
    assert (found["ledger_balances"]["broken"], found["ledger_balances"]["difference_amount"]) == (1, "5.00")
    assert found["journal_tables"]["broken"] == 1
    assert found["journal_tables"]["right_count"] - found["journal_tables"]["left_count"] == 3
    named = {(row["tie"], row["about"], row["credit_reference"], row["difference_amount"]) for row in tied.answer("tie_out_breaks")}
    assert named >= {
        ("ledger_bank", "T1", "CR-1", "0.01"),
        ("ledger_bank", "T2", "CR-1", "-0.01"),
        ("ledger_balances", "", "CR-1", "-5.00"),
        ("journal_tables", f"partition {PARTITION}", "", None),
    }
    assert {row["tie"] for row in tied.answer("tie_out_breaks", "H1")} == {"ledger_bank", "bank_files"}
    tied.client.command(f"{posted}{line}'H2', 'T2', 'suspense', 'cash', 1)")
    assert tied.ties("H2")["ledger_bank"]["n"] == 0, "a payment of H1, whatever was posted to H2 for it"
    assert not tied.answer("tie_out_breaks", "H2")


def test_every_table_of_effects_is_counted() -> None:
    found = re.search(r"'\^\(([a-z_|]+)\)\$'", kpis()["tie_out"].sql)
    assert found
    assert sorted(found[1].split("|")) == sorted(table.name for table in TABLES)
