"""What the API says of a KPI = what its SQL says on the real engine = what comes out of the journal's records by plain loops."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ach.rail import AchRail
from api.kpis import Asked, KpiReader, parameters, shown
from api.models.kpi import KpiAnswer
from api.return_rates import return_rates
from api.store import Store
from dashboards.kpi import FEW, kpis
from journal.settings import Settings
from ledger import effects as fx
from ledger.money import cents
from sinks.clickhouse.database import Database
from sinks.clickhouse.rows import Rows
from sinks.clickhouse.store import insert
from tests.dashboards.naive import ADMINISTRATIVE, UNAUTHORIZED, Oracle
from tests.dashboards.seeded import Seeded
from tests.sinks import records

pytestmark = pytest.mark.live
NOW_MS = 1_772_463_600_000
"""2026-03-02, 10 a.m. in New York"""
PERIOD = ("2026-02-01", "2026-03-02")
HOSPITALS = ("", "H01", "H07")
PARTITION = 77
"""beside the partitions of the seeded ledger"""


class World(NamedTuple):
    """A seeded ledger and who reads it."""

    seeded: Seeded
    store: Store
    reader: KpiReader

    def answer(self, name: str, hospital: str = "", since: str = PERIOD[0], until: str = PERIOD[1]) -> KpiAnswer:
        asked = Asked(date.fromisoformat(since), date.fromisoformat(until), hospital, as_of_ms=NOW_MS)
        return asyncio.run(KpiReader(self.store, lambda: NOW_MS).answer(kpis()[name], asked))

    def oracle(self, hospital: str = "") -> Oracle:
        return Oracle(self.seeded.entries(), *PERIOD, NOW_MS, hospital)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    seeded = Seeded(NOW_MS, 120, 100)
    with Database(Settings(data_dir=Path(tmp_path_factory.mktemp("kpis")))) as database:
        seeded.store(database)
        store = Store(database)
        yield World(seeded, store, KpiReader(store, lambda: NOW_MS))
        store.close()


def told(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The columns of a row that the oracle knows, dollars as cents."""
    found = {name: row[name] for name in wanted}
    return {name: cents(value) if name.endswith("_amount") else value for name, value in found.items()}


@pytest.mark.parametrize("hospital", HOSPITALS)
def test_single_numbers(world: World, hospital: str) -> None:
    oracle = world.oracle(hospital)
    wanted = {
        "approval_time": oracle.approval_time(),
        "manual_adjustments": oracle.manual_adjustments() if not hospital else {},
        "returns_unauthorized": oracle.rate(UNAUTHORIZED, 50),
        "returns_administrative": oracle.rate(ADMINISTRATIVE, 300),
        "returns_all": oracle.rate(None, 1500),
        "retry_success": oracle.retry_success(),
        "match_rate": oracle.match_rate(),
        "straight_through": oracle.straight_through(),
        "fee_income": oracle.fee_income(),
        "traceability": {"n": oracle.postings(), "broken": 0},
        "aged_unmatched": oracle.suspense() if not hospital else {},
    }
    exceptions = oracle.exceptions()
    wanted["exception_backlog"] = {name: exceptions[name] for name in ("open", "n", "open_amount")}
    answers = {name: world.answer(name, hospital) for name in wanted}
    assert {name: told(answers[name].rows[0], wanted[name]) for name in wanted} == wanted
    ageing = world.answer("exception_ageing", hospital).rows
    assert sum(int(row["days_over_30"] or 0) for row in ageing) == exceptions["over_30"]
    assert sum(int(row["open"] or 0) for row in ageing) == exceptions["open"]


@pytest.mark.parametrize("hospital", HOSPITALS)
def test_series_add_up(world: World, hospital: str) -> None:
    oracle = world.oracle(hospital)
    days = world.answer("volume", hospital).rows
    steps = ("initiated", "approved", "submitted", "settled", "returned")
    assert {step: (sum(int(row[step] or 0) for row in days), sum(cents(str(row[f"{step}_amount"])) for row in days)) for step in steps} == {
        step: oracle.volume()[step] for step in steps
    }
    codes = world.answer("returns_by_week", hospital).rows
    assert sum(int(row["returns"] or 0) for row in codes) == oracle.rate(None, 1500)["returns"]
    received = world.answer("reconciliation_by_day", hospital).rows
    assert sum(cents(str(row["received_amount"])) for row in received) == sum(r for r, _ in oracle.money_in())
    assert sum(cents(str(row["matched_amount"])) for row in received) == sum(m for _, m in oracle.money_in())
    assert len(world.answer("unmatched_items", hospital).rows) == sum(m < r for r, m in oracle.money_in())
    histogram = world.answer("approval_histogram", hospital).rows
    assert sum(int(row["approved_payments"] or 0) for row in histogram if int(row["bucket"] or 0) <= 4) == oracle.approval_time()["fast"]
    funnel = world.answer("funnel", hospital).rows[0]
    assert (funnel["n"], len(world.answer("payments", hospital).rows)) == (len(oracle.begun()), min(500, len(oracle.begun())))


def test_the_parts_of_all_hospitals_are_the_whole(world: World) -> None:
    rows = world.answer("returns_by_hospital").rows
    whole = world.answer("returns_all").rows[0]
    assert (sum(int(row["n"] or 0) for row in rows), sum(int(row["returned"] or 0) for row in rows)) == (whole["n"], whole["returns"])
    assert {row["hospital_id"] for row in rows} <= {row["hospital_id"] for row in world.answer("hospitals").rows}


def test_the_api_says_what_the_sql_says(world: World) -> None:
    asked = Asked(date.fromisoformat(PERIOD[0]), date.fromisoformat(PERIOD[1]), as_of_ms=NOW_MS)
    for kpi in kpis().values():
        given = {name: value for name, value in parameters(asked, NOW_MS).items() if name in kpi.parameters}
        rows = [shown(row) for row in asyncio.run(world.store.named(kpi.sql, given))]
        answer = world.answer(kpi.name)
        assert answer.rows == rows, kpi.name
        if kpi.value:
            assert answer.column in answer.rows[0], kpi.name
            assert answer.n is not None, kpi.name
            assert answer.value is not None, kpi.name


def test_an_empty_period_has_no_data_and_no_error(world: World) -> None:
    for kpi in kpis().values():
        answer = world.answer(kpi.name, "nowhere", "2001-01-01", "2001-01-02")
        if kpi.name in {"approval_time", "straight_through", "traceability", "returns_all", "returns_unauthorized"}:
            assert (answer.value, answer.state, answer.n) == (None, "no_data", 0), kpi.name
        if kpi.name in {"manual_adjustments", "exception_backlog", "support_signals"}:
            assert answer.state == "no_baseline", kpi.name


@pytest.mark.parametrize("hospital", HOSPITALS[1:])
def test_what_is_usual_at_a_hospital_is_its_own_kpi_over_the_days_before(world: World, hospital: str) -> None:
    before = Oracle(world.seeded.entries(), "2025-11-03", "2026-01-31", NOW_MS, hospital)
    closed = before.straight_through()
    found = world.answer("straight_through", hospital).baseline
    assert found is not None
    assert (str(found.since), str(found.until)) == ("2025-11-03", "2026-01-31")
    percent = round(100 * closed["untouched"] / closed["n"], 2) if closed["n"] else None
    assert (found.value, found.n) == (percent, closed["n"])
    rate = Oracle(world.seeded.entries(), "2025-11-03", "2026-01-01", NOW_MS, hospital).rate(None, 1500)
    found = world.answer("returns_all", hospital).baseline
    assert found is not None
    assert (found.value, found.n) == (rate["rate_percent"], rate["n"])
    assert found.state == ("too_few" if int(rate["n"]) < FEW else "comparable")
    assert world.answer("returns_all").baseline is None, "all together have none"
    assert world.answer("traceability", hospital).baseline is None, "nothing but all is usual"


def test_a_rate_of_too_few_cases_neither_meets_nor_misses_anything(world: World) -> None:
    rated = [kpi.name for kpi in kpis().values() if kpi.value and kpi.shares]
    seen = set()
    for name in rated:
        for days in ("2026-03-02", "2026-02-24", PERIOD[0]):
            answer = world.answer(name, "H01", days)
            few = answer.n is not None and 0 < answer.n < FEW
            assert (answer.state == "too_few") is few, (name, days, answer.n, answer.state)
            seen.add(few)
    assert seen == {True, False}


def test_a_break_in_the_chain_takes_every_posting_behind_it(world: World, tmp_path: Path) -> None:
    """Whoever changes a stored hash is found out, and the postings behind it are listed."""
    client = world.store._free.get()
    world.store._free.put(client)
    whole = world.answer("traceability").rows[0]
    client.command("CREATE TABLE kept_records AS journal_records")
    client.command("INSERT INTO kept_records SELECT * FROM journal_records")
    try:
        client.command("TRUNCATE TABLE journal_records")
        client.command(
            "INSERT INTO journal_records SELECT * REPLACE (if((partition, sequence) = (1, 5), repeat('f', 64), hash) AS hash) "
            "FROM kept_records"
        )
        broken = world.answer("traceability").rows[0]
        assert (whole["broken"], whole["traceable_percent"]) == (0, 100.0)
        behind = sum(
            effect.__class__.__name__ == "Posted" and PERIOD[0] <= day <= PERIOD[1]
            for partition, sequence, day, effect in placed(world.seeded)
            if partition == 1 and sequence >= 6
        )
        assert broken["broken"] == broken["behind_a_break"] == behind > 0
        assert world.answer("traceability_breaks").rows[0]["missing"] == "hash chain"
        journal = {row["partition"]: row for row in world.answer("journal").rows}
        assert (journal[1]["breaks"], journal[1]["verified_sequence"], journal[0]["breaks"]) == (1, 5, 0)
    finally:
        client.command("TRUNCATE TABLE journal_records")
        client.command("INSERT INTO journal_records SELECT * FROM kept_records")
        client.command("DROP TABLE kept_records")


def test_postings_of_a_block_that_is_being_stored_are_no_breaks_for_five_minutes(world: World) -> None:
    journal, rows = records.Journal(PARTITION), Rows(PARTITION, AchRail().business_date)
    begun_ms = NOW_MS - 60_000
    posted = fx.Posted("patient_receivable", "hospital_payable", 100, "H01", "B-1", "")
    rows.add(journal.append(records.entry(posted, at_ms=begun_ms), at_ms=begun_ms))
    client = world.store._free.get()
    world.store._free.put(client)
    before = world.answer("traceability")
    assert before.n is not None
    ledger, inputs, journalled = rows.inserts()
    insert(client, ledger, "being stored")
    assert world.answer("traceability").rows == before.rows
    asked = Asked(date.fromisoformat(PERIOD[0]), date.fromisoformat(PERIOD[1]), as_of_ms=begun_ms + 301_000)
    late = asyncio.run(KpiReader(world.store, lambda: NOW_MS).answer(kpis()["traceability"], asked)).rows[0]
    assert (late["n"], late["broken"], late["without_record"]) == (before.n + 1, 1, 1), "it does not come any more"
    insert(client, inputs, "being stored")
    insert(client, journalled, "being stored")
    after = world.answer("traceability").rows[0]
    assert (after["n"], after["broken"]) == (before.n + 1, 0)


def placed(seeded: Seeded) -> Iterator[tuple[int, int, str, Any]]:
    """(partition, sequence, business date, effect) of every effect."""
    day = AchRail().business_date
    for accepted in seeded.records:
        record = accepted.record()
        for entry in record.entries:
            for effect in entry.effects:
                yield accepted.partition, record.sequence, day(entry.at_ms), effect


def test_return_rates_by_hospital_and_class_add_up_to_the_kpis(world: World) -> None:
    found = asyncio.run(return_rates(world.store, date.fromisoformat(PERIOD[1]), NOW_MS, "", None))
    for kind, codes, limit in (("unauthorized", UNAUTHORIZED, 50), ("administrative", ADMINISTRATIVE, 300), ("overall", None, 1500)):
        mine = [rate for rate in found.rates if rate.kind == kind]
        wanted = world.oracle().rate(codes, limit)
        assert (sum(rate.debits for rate in mine), sum(rate.returns for rate in mine)) == (wanted["n"], wanted["returns"])
        for rate in mine:
            allowed = rate.debits * rate.threshold_basis_points // 10_000
            assert rate.entries_until_breach == max(0, allowed + 1 - rate.returns)
    assert {rate.sec_code for rate in found.rates} <= {"WEB", "PPD", "TEL", "CCD"}
    assert [rate.level for rate in found.rates] == sorted(
        (rate.level for rate in found.rates), key=("breach", "warning_80", "warning_60", "ok").index
    )
    one = asyncio.run(return_rates(world.store, date.fromisoformat(PERIOD[1]), NOW_MS, "", frozenset({"H07"})))
    assert {rate.hospital_id for rate in one.rates} == {"H07"}
