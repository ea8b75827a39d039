"""`python -m bench.page --rows 5000000 [--keep FOLDER]`: how long each view of the web page waits for a year of data.

Every view asks what the page asks, all at once, of the API over ASGI and the embedded ClickHouse. `moved` is the first look after the
ledger has moved, when the newest answer is waited for; `page` is what the web page waits for then: it shows the answer of a moment ago
while the newer one is made; `still` is the next look while nothing has moved. `--days` is the period.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from api.app import create_app
from api.assembly import Assembly
from bench.page_data import seed
from journal.settings import Settings
from sinks.clickhouse.database import Database

NOW_MS: Final = 1_772_463_600_000
LIMIT_MS: Final = {"overview": 300}
LIMIT_OTHERS_MS: Final = 1_000
WITHIN_S: Final = 600
"""What the page is content with, as `dashboards/web/lib/data.js` asks."""
_K: Final = "/api/v1/kpis/"
EVERYWHERE: Final = (f"{_K}hospitals",)
VIEWS: Final = {
    "overview": (
        *("/api/v1/kpis", f"{_K}volume", f"{_K}returns_by_hospital"),
        *("/api/v1/alerts?severity=critical&limit=5", "/api/v1/alerts?severity=high&limit=5"),
    ),
    "payments": (f"{_K}funnel", f"{_K}approval_time", f"{_K}approval_histogram", f"{_K}volume", f"{_K}slow_approvals", f"{_K}payments"),
    "returns": (
        *(f"{_K}returns_{name}" for name in ("unauthorized", "administrative", "all", "trend", "by_week", "by_hospital")),
        f"{_K}retry_success",
        f"{_K}returned_payments",
    ),
    "exceptions": (f"{_K}exception_ageing", f"{_K}exception_flow", "/api/v1/exceptions?state=open&limit=100"),
    "trace": ("/api/v1/payments/{transaction}/trace", "/api/v1/payments/{transaction}/status"),
    "reconciliation": (
        *(f"{_K}{name}" for name in ("reconciliation_by_day", "match_rate", "match_time", "match_passes", "aged_unmatched")),
        f"{_K}straight_through_monthly",
        *(f"{_K}{name}" for name in ("unmatched_items", "fee_income", "tie_out")),
    ),
    "rules": (
        f"{_K}rule_hits",
        f"{_K}alerts",
        "/api/v1/rules",
        "/api/v1/rules/versions",
        "/api/v1/rules/shadow",
        "/api/v1/alerts?limit=200",
    ),
    "rollout": ("/api/v1/rollouts",),
    "system": (f"{_K}traceability", f"{_K}traceability_breaks", f"{_K}journal", f"{_K}inputs"),
}
"""What each view asks when it is opened."""


class Bench:
    """One application over one seeded database."""

    def __init__(self, database: Database, app: FastAPI, days: int) -> None:
        self._database = database
        self._client = AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1", timeout=120)
        until = datetime.fromtimestamp(NOW_MS / 1000, UTC).date()
        self._period = {"from": str(until - timedelta(days=days - 1)), "to": str(until)}
        self._rows = database.client()
        found = self._rows.query("SELECT transaction_id FROM payment_events WHERE status = 'returned' LIMIT 1").result_rows
        self._transaction = found[0][0]
        self._moves = 0

    async def ask(self, path: str, within_s: int = 0) -> float:
        """Milliseconds until the answer is read whole."""
        asked = path.format(transaction=self._transaction)
        parameters = {**self._period, "within": str(within_s)} if asked.startswith("/api/v1/kpis") else None
        started = time.monotonic()
        answer = await self._client.get(asked, params=parameters)
        assert answer.status_code == 200, f"{asked}: {answer.text}"
        return 1000 * (time.monotonic() - started)

    async def view(self, name: str, within_s: int = 0) -> float:
        """The slowest answer of a view."""
        return max(await asyncio.gather(*(self.ask(path, within_s) for path in (*EVERYWHERE, *VIEWS[name]))))

    def move(self) -> None:
        """One more journal record in the tables, as when a payment comes in."""
        self._moves += 1
        self._rows.command(
            "INSERT INTO journal_records SELECT partition, sequence + 1, offset + 1, hash, lower(hex(SHA256(hash))), recorded_at, sources, "
            "next, done, 0, 0, bytes FROM journal_records WHERE partition = 0 ORDER BY sequence DESC LIMIT 1"
        )

    async def measure(self, name: str, times: int) -> tuple[dict[str, list[float]], float]:
        """Milliseconds of each kind of look, sorted, and CPU-seconds of one after a move."""
        found: dict[str, list[float]] = {"moved": [], "page": [], "still": []}
        await self.view(name)
        cpu_s = 0.0
        for _ in range(times):
            self.move()
            before = _cpu_s()
            found["moved"].append(await self.view(name))
            cpu_s += _cpu_s() - before
            found["still"].append(await self.view(name))
            self.move()
            found["page"].append(await self.view(name, WITHIN_S))
            await self.view(name)
        return {kind: sorted(each) for kind, each in found.items()}, cpu_s / times


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _p95(values: Sequence[float]) -> float:
    return values[min(len(values) - 1, int(0.95 * len(values)))]


async def _run(bench: Bench, views: Sequence[str], times: int, *, each: bool) -> None:
    print("| view | limit, ms | moved: p50 | p95 | page: p50 | p95 | still: p50 | p95 | CPU-s when moved |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in views:
        found, cpu_s = await bench.measure(name, times)
        numbers = " | ".join(f"{found[kind][len(found[kind]) // 2]:,.0f} | {_p95(found[kind]):,.0f}" for kind in ("moved", "page", "still"))
        print(f"| {name} | {LIMIT_MS.get(name, LIMIT_OTHERS_MS):,} | {numbers} | {cpu_s:.2f} |", flush=True)
        if each:
            for path in VIEWS[name]:
                bench.move()
                print(f"    {path:60}{await bench.ask(path):8,.0f} ms")


def main(arguments: Sequence[str] | None = None) -> None:
    """Seed, or take what is kept, and measure each view."""
    parser = argparse.ArgumentParser("python -m bench.page", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="postings in the ledger, over a year")
    parser.add_argument("--keep", type=Path, help="folder of the data; seeded when it does not exist")
    parser.add_argument("--days", type=int, default=30, help="period that the views show")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--views", default=",".join(VIEWS))
    parser.add_argument("--each", action="store_true", help="every question by itself, too")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hms-ach-page-") as name:
        folder = asked.keep or Path(name) / "data"
        fresh = not (folder / "clickhouse").exists()
        settings = Settings.model_validate({"data_dir": folder})
        with Database(settings) as database:
            if fresh:
                print(f"{seed(database, asked.rows, NOW_MS):,} copies of a year")
            assembly = Assembly(settings, database, with_sink=False)
            app = create_app()
            app.state.services = assembly.services._replace(now_ms=lambda: NOW_MS)
            app.state.rule_actions = assembly.rule_actions
            app.state.deliveries = assembly.deliveries
            rows = database.client().query("SELECT count(), min(business_date), max(business_date) FROM ledger_entries").result_rows[0]
            print(f"{rows[0]:,} postings from {rows[1]} to {rows[2]}; the views show the last {asked.days} days")
            asyncio.run(_run(Bench(database, app, asked.days), asked.views.split(","), asked.times, each=asked.each))
            assembly.stop()


if __name__ == "__main__":
    main()
