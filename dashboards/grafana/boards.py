"""The three boards: finance, risk, operations. `python -m dashboards.grafana.boards` writes their JSON; a test holds the files to it."""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from dashboards.grafana.panels import SOURCE, Measured, Panel, Unit, measured, rendered
from dashboards.kpi import kpis

FOLDER: Final = Path(__file__).parent / "boards"
_COLUMNS: Final = 24


def _within(share: float) -> str:
    """Seconds within which this share of events could be seen."""
    return f"histogram_quantile({share}, sum by (le) (rate(hms_event_visible_seconds_bucket[5m])))"


def _stat(kpi: str, column: str, unit: Unit = "count") -> Panel:
    """One number; `column` names it `value`."""
    return Panel(kpi, "stat", column, unit, 4, 4)


BOARDS: Final[Mapping[str, tuple[str, tuple[Panel | Measured, ...]]]] = {
    "finance": (
        "Finance",
        (
            _stat("approval_time", "fast_percent AS value", "percent"),
            _stat("straight_through", "untouched_percent AS value", "percent"),
            _stat("match_rate", "matched_percent_of_money AS value", "percent"),
            _stat("aged_unmatched", "suspended_cents / 100 AS value", "dollars"),
            _stat("exception_backlog", "open AS value"),
            _stat("manual_adjustments", "per_thousand AS value"),
            Panel(
                "reconciliation_by_day",
                "timeseries",
                "toDateTime(assumeNotNull(day)) AS time, expected_cents / 100 AS due, received_cents / 100 AS received, "
                "matched_cents / 100 AS matched",
                "dollars",
            ),
            Panel(
                "volume", "timeseries", "toDateTime(day) AS time, initiated AS `asked for`, approved, submitted, settled, returned", "count"
            ),
            Panel("straight_through_monthly", "table", "month, n AS closed, untouched, untouched_percent"),
            Panel("match_passes", "table", "pass, n AS sources, received_total_cents / 100 AS received"),
            Panel(
                "unmatched_items",
                "table",
                "received_at, kind, source_id, credit_reference, hospital_id, reason, unmatched_cents / 100 AS unmatched",
                width=24,
            ),
        ),
    ),
    "risk": (
        "Risk",
        (
            _stat("returns_unauthorized", "rate_percent AS value", "percent"),
            _stat("returns_administrative", "rate_percent AS value", "percent"),
            _stat("returns_all", "rate_percent AS value", "percent"),
            _stat("retry_success", "settled_percent AS value", "percent"),
            _stat("alerts", "serious AS value"),
            _stat("exception_backlog", "older_than_3_days AS value"),
            Panel(
                "returns_trend",
                "timeseries",
                "toDateTime(week) AS time, unauthorized_percent AS unauthorized, administrative_percent AS administrative, "
                "returned_percent AS `all`",
                "percent",
            ),
            Panel("returns_by_week", "table", "week, code, returns, returned_cents / 100 AS returned"),
            Panel(
                "returns_by_hospital",
                "table",
                "hospital_id, n AS debits, used_percent, unauthorized_percent, administrative_percent, returned_percent, "
                "returned_until_breach",
                width=24,
            ),
            Panel("rule_hits", "table", "rule, policy, hits, held, declined, hit_cents / 100 AS money"),
            Panel("returned_payments", "table", "returned_on, code, reason, transaction_id, hospital_id, amount_cents / 100 AS amount"),
        ),
    ),
    "operations": (
        "Operations",
        (
            _stat("traceability", "traceable_percent AS value", "percent"),
            _stat("approval_time", "p99_seconds AS value", "seconds"),
            _stat("match_time", "p50_seconds AS value", "seconds"),
            _stat("support_signals", "per_thousand AS value"),
            _stat("exception_backlog", "open AS value"),
            _stat("alerts", "critical AS value"),
            Panel("approval_histogram", "barchart", "label, approved_payments AS approved, waiting_payments AS waiting"),
            Panel("exception_flow", "timeseries", "toDateTime(day) AS time, opened, closed, open_at_close AS open", "count"),
            Panel("journal", "table", "partition, records, verified_sequence, breaks, last_recorded_at, last_hash"),
            Panel("inputs", "table", "topic, outcome, reason, events, last_at"),
            Panel(
                "exception_ageing", "table", "code, days_0_1, days_1_3, days_3_7, days_7_30, days_over_30, open, open_cents / 100 AS money"
            ),
            Panel("slow_approvals", "table", "transaction_id, hospital_id, state, asked_at, waited_seconds, amount_cents / 100 AS amount"),
            Panel(
                "traceability_breaks",
                "table",
                "business_date, transaction_id, debit, credit, amount_cents / 100 AS amount, missing",
                width=24,
            ),
            Panel("funnel", "table", "n AS asked_for, approved, submitted, settled, waiting, failed, returned", width=24, height=4),
            Measured(
                "Event to visible",
                (("half of the events", _within(0.5)), ("95 %", _within(0.95)), ("99 %", _within(0.99))),
                "seconds",
                "From an event's own time to its rows in ClickHouse. History that is loaded late counts as what it is, late.",
            ),
            Measured(
                "Behind the journal",
                (
                    ("tables", "max(hms_store_lag_records)"),
                    ("sink", "sum(hms_sink_lag_records)"),
                    ("decision feed", "max(hms_feed_lag_records)"),
                ),
                "count",
                "Journal records that are not there yet.",
            ),
        ),
    ),
}


def board(name: str) -> dict[str, Any]:
    """A board as Grafana's JSON."""
    title, panels = BOARDS[name]
    return {
        "uid": f"hms-ach-{name}",
        "title": f"HMS-ACH {title}",
        "tags": ["hms-ach"],
        "timezone": "America/New_York",
        "schemaVersion": 41,
        "editable": False,
        "refresh": "1m",
        "time": {"from": "now-30d", "to": "now"},
        "templating": {"list": [_hospitals()]},
        "panels": list(_placed(panels)),
    }


def text(name: str) -> str:
    """A board as it is committed."""
    return json.dumps(board(name), indent=2, ensure_ascii=False) + "\n"


def _hospitals() -> dict[str, Any]:
    """The choice of a hospital. All of them is the empty text, which is how the KPIs say it."""
    return {
        "name": "hospital",
        "label": "Hospital",
        "type": "query",
        "datasource": SOURCE,
        "query": kpis()["hospitals"].sql,
        "includeAll": True,
        "allValue": "''",
        "multi": False,
        "refresh": 2,
        "current": {"text": "All", "value": "$__all"},
    }


def _placed(panels: Iterable[Panel | Measured]) -> Iterable[dict[str, Any]]:
    """From left to right, in rows."""
    x = y = row = 0
    for number, panel in enumerate(panels, 1):
        if x + panel.width > _COLUMNS:
            x, y, row = 0, y + row, 0
        yield measured(panel, number, x, y) if isinstance(panel, Measured) else rendered(panel, number, x, y)
        x, row = x + panel.width, max(row, panel.height)


def main() -> int:
    """Write the boards."""
    FOLDER.mkdir(exist_ok=True)
    for name in BOARDS:
        (FOLDER / f"{name}.json").write_text(text(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
