"""Fee income of a book that charges: what its SQL says on the real engine, and what comes out of the entries by plain loops."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ach.rail import AchRail
from api.kpis import Asked, KpiReader
from api.store import Store
from dashboards.kpi import kpis
from journal.settings import Settings
from ledger.book import Book, Position
from ledger.money import cents
from ledger.record import Entry
from ledger.wire import epoch_ms
from rules.compile import compile_or_reason
from sinks.clickhouse.database import Database
from sinks.clickhouse.rows import Rows
from sinks.clickhouse.store import insert
from tests.dashboards.naive import Oracle
from tests.ledger.books import TABLE_BOOK
from tests.ledger.sentences import event
from tests.ledger.table import RAIL, apply
from tests.ledger.words import instant
from tests.sinks.records import Journal

pytestmark = pytest.mark.live
NOW_MS = epoch_ms(instant("07-01 10:00"))
HISTORY = """
04-01 10:00 | policy 21 LATE-AND-INTEREST
04-01 10:01 | balance B1 100.00 due 04-15
04-01 10:02 | balance B2 3650.00 due 04-15 hospital H2
04-24 10:00 | repayment T1 100.00 for B1
04-26 04:00 | tick
04-26 15:00 | settled T1 100.00 on 04-24
05-20 04:00 | tick
05-20 10:00 | deposit D1 3650.00 on 05-20 for B2 hospital H2
06-30 04:00 | tick
"""
MONTHS = (("2026-04-01", "2026-04-30"), ("2026-05-01", "2026-05-31"), ("2026-06-01", "2026-06-30"), ("2026-04-01", "2026-06-30"))


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    """The history, decided by a real book."""
    book = Book(RAIL, compile_or_reason, TABLE_BOOK)
    found: list[Entry] = []
    for number, row in enumerate(HISTORY.strip().splitlines()):
        at, sentence = (cell.strip() for cell in row.split("|"))
        when = instant(at)
        found += apply(book, event(sentence, when, f"e{number}"), Position(0, number, epoch_ms(when)))
    return found


@pytest.fixture(scope="module")
def reader(entries: list[Entry], tmp_path_factory: pytest.TempPathFactory) -> Iterator[KpiReader]:
    journal, rows = Journal(), Rows(0, AchRail().business_date)
    for entry in entries:
        rows.add(journal.append(entry, at_ms=entry.at_ms + 500))
    with Database(Settings(data_dir=Path(tmp_path_factory.mktemp("fees")))) as database:
        for part in rows.inserts():
            insert(database.client(), part, "journal:0:0")
        store = Store(database)
        yield KpiReader(store, lambda: NOW_MS)
        store.close()


def answered(reader: KpiReader, period: tuple[str, str], hospital: str) -> Any:
    since, until = map(date.fromisoformat, period)
    return asyncio.run(reader.answer(kpis()["fee_income"], Asked(since, until, hospital, as_of_ms=NOW_MS)))


@pytest.mark.parametrize("hospital", ["", "H1", "H2"])
@pytest.mark.parametrize("period", MONTHS)
def test_income_is_what_the_entries_say(entries: list[Entry], reader: KpiReader, period: tuple[str, str], hospital: str) -> None:
    wanted = Oracle([(0, entry.at_ms, entry) for entry in entries], *period, NOW_MS, hospital).fee_income()
    row = answered(reader, period, hospital).rows[0]
    found = {name: value if name == "n" else signed(value) for name, value in row.items()}
    assert found == wanted


def test_every_part_of_it_is_in_the_history(entries: list[Entry]) -> None:
    whole = Oracle([(0, entry.at_ms, entry) for entry in entries], *MONTHS[3], NOW_MS).fee_income()
    assert all(whole.values()), whole


def test_what_is_usual_is_a_third_of_three_periods(reader: KpiReader) -> None:
    june = answered(reader, ("2026-06-01", "2026-06-30"), "H2").baseline
    before = answered(reader, (str(june.since), str(june.until)), "H2").rows[0]["income_amount"]
    assert abs(3 * signed(june.value) - signed(before)) <= 1
    assert june.n > 0


def signed(dollars: str) -> int:
    """Cents of an amount as it is sent."""
    return -cents(dollars[1:]) if dollars.startswith("-") else cents(dollars)
