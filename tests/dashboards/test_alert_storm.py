"""Ten thousand alerts in a minute: a few lines for whoever reads, and every one of them on the topic. Faults, row 51."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from ach.rail import AchRail
from api.cursor import CursorKey
from api.lists import Lists, Wanted
from api.store import Store
from journal.settings import Settings
from journal.topics import ALERTS, INPUTS
from ledger import effects as fx
from ledger.record import Entry
from sinks.clickhouse.database import Database
from sinks.clickhouse.rows import Rows
from sinks.clickhouse.store import insert
from streams import public
from tests.sinks.records import AT_MS, Journal, entry

pytestmark = pytest.mark.live
STORM, MINUTE_MS = 10_000, 60_000
PAGE = 500


def storm() -> list[Entry]:
    """One rule fires on everything for a minute; in the middle of it another one tells something once."""
    found = []
    for number in range(STORM):
        name, severity = ("quiet", "critical") if number == STORM // 2 else ("loud", "high")
        raised = fx.AlertRaised(name, severity, f"T{number}", "why", name, "book@1", "H1" if number % 2 else "H2", 100, ("risk",))
        found.append(entry(raised, offset=number, account=f"credit-{number}", at_ms=AT_MS + number * MINUTE_MS // STORM))
    return found


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lists]:
    with Database(Settings(data_dir=Path(tmp_path_factory.mktemp("storm")))) as database:
        journal, rows = Journal(), Rows(0, AchRail().business_date)
        rows.add(journal.append(*storm(), at_ms=AT_MS + MINUTE_MS))
        for part in rows.inserts():
            insert(database.client(), part, "storm")
        store = Store(database)
        yield Lists(store, CursorKey(b"k" * 32), 1, "default@1")
        store.close()


def test_row_51_none_is_lost_on_the_topic() -> None:
    told = [output for output in public.outputs(0, INPUTS, storm()) if output.topic == ALERTS]
    assert len({dict(output.headers)["ce_id"] for output in told}) == len(told) == STORM


def test_row_51_the_reader_sees_a_few_groups_and_the_quiet_one_among_them(lists: Lists) -> None:
    found = asyncio.run(lists.alert_groups(Wanted("/groups", {}, 50, None)))
    assert [(group.rule, group.hospital_id, group.alerts) for group in found.groups] == [
        ("loud", "H1", 5_000),
        ("loud", "H2", 4_999),
        ("quiet", "H2", 1),
    ]
    assert not found.more
    assert (found.groups[0].amount, found.groups[0].latest) == ("5000.00", f"T{STORM - 1}")
    capped = asyncio.run(lists.alert_groups(Wanted("/groups", {}, 1, None, frozenset({"H2"}))))
    assert ([group.alerts for group in capped.groups], capped.more) == ([4_999], True)


def test_row_51_page_by_page_there_is_every_one(lists: Lists) -> None:
    async def walk() -> list[int]:
        sizes, names, cursor = [], set[str](), None
        while True:
            page = await lists.alerts(Wanted("/alerts", {}, PAGE, cursor))
            sizes.append(len(page.alerts))
            names |= {alert.alert_id for alert in page.alerts}
            cursor = page.next
            if cursor is None:
                assert len(names) == STORM
                return sizes

    assert asyncio.run(walk()) == [PAGE] * (STORM // PAGE)
