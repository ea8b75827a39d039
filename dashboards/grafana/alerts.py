"""Grafana's own alert rules, on the KPIs: what finance and risk are told of when nobody looks at a board.

What the processes say of themselves is Prometheus' part (`dashboards/prometheus/alerts.yml`). `python -m dashboards.grafana.alerts`
writes the file; a test holds it to the code.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from dashboards.grafana.panels import SOURCE, VARIABLES, Panel, sql

FILE: Final = Path(__file__).parent / "provisioning" / "alerting" / "rules.json"
_TODAY: Final = "toDate(now(), 'America/New_York')"
_CLOCKED: Final = {VARIABLES["from"]: f"addDays({_TODAY}, -{{back}})", VARIABLES["to"]: _TODAY, VARIABLES["hospital"]: "''"}
"""What stands for Grafana's variables, which rules do not have; and a file that is provisioned would take `$` for its own."""


class Rule(NamedTuple):
    """A rule: it fires for each row of the KPI whose `value` is beyond the bound for so many minutes. Its other columns are labels."""

    uid: str
    title: str
    kpi: str
    columns: str
    sense: Literal["gt", "lt"]
    bound: float
    minutes: int
    severity: Literal["critical", "high", "medium"]
    summary: str
    days: int = 30
    """period of the KPI, up to today; Nacha's rates look 60 days back from its end, whatever it is"""


RULES: Final = (
    Rule(
        "return-rate-breach", "Return rate over a limit", "returns_by_hospital", "hospital_id, toFloat64(used_percent) AS value", "gt", 100,
        5, "critical", "{{ $$labels.hospital_id }} is over one of Nacha's return limits: {{ humanize $$values.B.Value }} % of it.",
    ),
    Rule(
        "return-rate-near", "Return rate near a limit", "returns_by_hospital", "hospital_id, toFloat64(used_percent) AS value", "gt", 80, 5,
        "high", "Hospital {{ $$labels.hospital_id }} has used {{ humanize $$values.B.Value }} % of its nearest return limit.",
    ),
    Rule(
        "tie-out", "The books do not tie out", "tie_out", "tie, toFloat64(broken) AS value", "gt", 0, 10,
        "critical", "{{ $$labels.tie }}: {{ humanize $$values.B.Value }} places differ. The page's Reconciliation lists them.",
    ),
    Rule(
        "traceability", "Postings cannot be traced", "traceability", "toFloat64(broken) AS value", "gt", 0, 10,
        "critical", "{{ humanize $$values.B.Value }} postings of the last 30 days cannot be traced. System, in the page, lists them.",
    ),
    Rule(
        "approval-time", "Approvals are slow", "approval_time", "toFloat64(fast_percent) AS value", "lt", 90, 60,
        "high", "{{ humanize $$values.B.Value }} % of payments were approved in under 5 minutes; the target is 90 %.",
    ),
    Rule(
        "old-money", "Money without an owner for a month", "aged_unmatched", "toFloat64(older_than_30_days) AS value", "gt", 0, 60,
        "medium", "{{ humanize $$values.B.Value }} payments or deposits have had money in suspense for more than 30 days.",
    ),
    Rule(
        "critical-alerts", "Critical alerts", "alerts", "toFloat64(critical) AS value", "gt", 0, 0,
        "high", "{{ humanize $$values.B.Value }} critical alerts were raised since yesterday.", 2,
    ),
)  # fmt: skip


def rule(told: Rule) -> dict[str, Any]:
    """A rule as Grafana's file provisioning reads it: the KPI (A), its last value (B), the bound (C)."""
    return {
        "uid": f"hms-ach-{told.uid}",
        "title": told.title,
        "condition": "C",
        "for": f"{told.minutes}m",
        "noDataState": "OK",
        "execErrState": "Error",
        "labels": {"severity": told.severity},
        "annotations": {"summary": told.summary},
        "data": [
            {
                "refId": "A",
                "relativeTimeRange": {"from": 600, "to": 0},
                "datasourceUid": SOURCE["uid"],
                "model": {"refId": "A", "editorType": "sql", "queryType": "table", "format": 1, "rawSql": asked(told)},
            },
            _expression("B", {"type": "reduce", "expression": "A", "reducer": "last", "settings": {"mode": "dropNN"}}),
            _expression(
                "C",
                {"type": "threshold", "expression": "B", "conditions": [{"evaluator": {"type": told.sense, "params": [told.bound]}}]},
            ),
        ],
    }


def asked(told: Rule) -> str:
    """What Grafana asks, of all hospitals, by ClickHouse's clock."""
    text = sql(Panel(told.kpi, "table", told.columns))
    for variable, value in _CLOCKED.items():
        text = text.replace(variable, value.format(back=told.days - 1))
    return text


def text() -> str:
    """The file as it is committed."""
    groups = [{"orgId": 1, "name": "hms-ach", "folder": "HMS-ACH", "interval": "5m", "rules": [rule(told) for told in RULES]}]
    return json.dumps({"apiVersion": 1, "groups": groups}, indent=2, ensure_ascii=False) + "\n"


def _expression(name: str, model: dict[str, Any]) -> dict[str, Any]:
    return {"refId": name, "relativeTimeRange": {"from": 0, "to": 0}, "datasourceUid": "__expr__", "model": {"refId": name, **model}}


def main() -> int:
    """Write the file."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
