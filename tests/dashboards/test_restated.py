"""Numbers of a day that change after it was over are marked. Faults, row 20."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ach.rail import AchRail
from api.kpis import Asked, KpiReader
from api.restated import period
from api.store import Store
from dashboards.kpi import kpis
from journal.settings import Settings
from ledger import effects as fx
from ledger.wire import epoch_ms
from sinks.clickhouse.database import Database
from sinks.clickhouse.rows import Rows
from sinks.clickhouse.store import insert
from tests.sinks.records import Journal, entry

pytestmark = pytest.mark.live
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


class Ledger:
    """Postings as they come, and what a KPI then says of their days."""

    def __init__(self, database: Database) -> None:
        self._client = database.client()
        self._journal = Journal()
        self._offset = 0
        self._store = Store(database)
        self.reader = KpiReader(self._store, lambda: 0)

    def comes(self, when: str, hospital: str = "H1") -> None:
        """A record with one posting that happened then, in New York, on a day of that March."""
        at_ms = epoch_ms(datetime.strptime(f"2026-03-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo("America/New_York")))
        posted = fx.Posted("cash", "patient_receivable", 100, hospital, f"T{self._offset}", "")
        accepted = self._journal.append(entry(posted, offset=self._offset, at_ms=at_ms), at_ms=at_ms)
        rows = Rows(0, AchRail().business_date)
        rows.add(accepted)
        for part in rows.inserts():
            insert(self._client, part, f"record-{self._offset}")
        self._offset += 1

    def restated(self, since: date, until: date, hospital: str = "", within: frozenset[str] | None = None) -> tuple[int, int]:
        """What one KPI's answer says, and what the page of all."""
        asked = Asked(since, until, hospital)
        answer = asyncio.run(self.reader.answer(kpis()["volume"], asked, within))
        page = asyncio.run(self.reader.page(asked, within))
        return answer.restated, page.restated

    def close(self) -> None:
        self._store.close()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with Database(Settings(data_dir=Path(tmp_path_factory.mktemp("restated")))) as database:
        made = Ledger(database)
        yield made
        made.close()


def test_row_20_an_event_that_comes_when_its_day_is_over_restates_that_day_and_no_other(ledger: Ledger) -> None:
    for when in ("02 10:00", "02 23:59", "03 00:05"):
        ledger.comes(when)
    ledger.comes("02 23:58")  # around midnight nobody is late
    ledger.comes("03 10:00")
    assert ledger.restated(MONDAY, TUESDAY) == (0, 0)
    ledger.comes("02 16:00", "H2")
    assert ledger.restated(MONDAY, MONDAY) == (1, 1)
    assert ledger.restated(MONDAY, TUESDAY) == (1, 1)
    assert ledger.restated(TUESDAY, TUESDAY) == (0, 0)
    ledger.comes("03 11:00")
    assert ledger.restated(TUESDAY, TUESDAY) == (0, 0)


def test_row_20_each_hospital_hears_of_its_own(ledger: Ledger) -> None:
    for when in ("09 10:00", "10 10:00"):
        ledger.comes(when)
    ledger.comes("09 11:00", "H2")
    days = date(2026, 3, 9), date(2026, 3, 10)
    assert ledger.restated(*days, "H1") == (0, 0)
    assert ledger.restated(*days, "H2") == (1, 1)
    assert ledger.restated(*days, within=frozenset({"H1"})) == (0, 0)
    assert ledger.restated(*days, within=frozenset({"H1", "H2"})) == (1, 1)


def test_who_sees_no_hospital_is_told_of_none() -> None:
    assert period(MONDAY, TUESDAY, "", frozenset()) is None
    assert period(MONDAY, TUESDAY, "", None) == (MONDAY, TUESDAY, ())
