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

    def comes(self, when: str, hospital: str = "H1", journalled: str = "") -> None:
        """A record with one posting that happened then, in New York, on a day of that March; journalled at once, or when it is said."""
        posted = fx.Posted("cash", "patient_receivable", 100, hospital, f"T{self._offset}", "")
        accepted = self._journal.append(entry(posted, offset=self._offset, at_ms=_instant(when)), at_ms=_instant(journalled or when))
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


def _instant(when: str) -> int:
    return epoch_ms(datetime.strptime(f"2026-03-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo("America/New_York")))


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with Database(Settings(data_dir=Path(tmp_path_factory.mktemp("restated")))) as database:
        made = Ledger(database)
        yield made
        made.close()


def test_row_20_an_event_that_comes_when_its_day_is_over_restates_that_day_and_no_other(ledger: Ledger) -> None:
    for when in ("02 10:00", "02 23:59", "03 00:05"):
        ledger.comes(when)
    ledger.comes("02 23:58", journalled="03 00:50")  # around midnight nobody is late
    ledger.comes("03 10:00")
    ledger.comes("02 15:00", journalled="03 10:15")  # the ledger has been past Monday for no more than a quarter of an hour
    assert ledger.restated(MONDAY, TUESDAY) == (0, 0)
    ledger.comes("02 16:00", "H2", journalled="03 10:16")
    assert ledger.restated(MONDAY, MONDAY) == (1, 1)
    assert ledger.restated(MONDAY, TUESDAY) == (1, 1)
    assert ledger.restated(TUESDAY, TUESDAY) == (0, 0)
    ledger.comes("03 11:00")
    assert ledger.restated(TUESDAY, TUESDAY) == (0, 0)


def test_row_20_each_hospital_hears_of_its_own(ledger: Ledger) -> None:
    for when in ("09 10:00", "10 10:00"):
        ledger.comes(when)
    ledger.comes("09 11:00", "H2", journalled="10 10:30")
    days = date(2026, 3, 9), date(2026, 3, 10)
    assert ledger.restated(*days, "H1") == (0, 0)
    assert ledger.restated(*days, "H2") == (1, 1)
    assert ledger.restated(*days, within=frozenset({"H1"})) == (0, 0)
    assert ledger.restated(*days, within=frozenset({"H1", "H2"})) == (1, 1)


def test_row_20_a_history_that_is_loaded_restates_nothing_however_it_is_mixed(ledger: Ledger) -> None:
    for when in ("16 10:00", "18 10:00", "17 10:00", "16 11:00", "19 10:00", "17 12:00"):
        ledger.comes(when, journalled="20 09:00")
    assert ledger.restated(date(2026, 3, 16), date(2026, 3, 19)) == (0, 0)
    ledger.comes("17 13:00", journalled="20 09:30")
    assert ledger.restated(date(2026, 3, 16), date(2026, 3, 19)) == (1, 1)


def test_who_sees_no_hospital_is_told_of_none() -> None:
    assert period(MONDAY, TUESDAY, "", frozenset()) is None
    assert period(MONDAY, TUESDAY, "", None) == (MONDAY, TUESDAY, ())
