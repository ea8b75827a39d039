"""One KPI as one Grafana panel: its SQL with Grafana's own variables, and selected columns on top; or a measure of Prometheus. Pure."""

import re
from typing import Any, Final, Literal, NamedTuple

from dashboards.kpi import FEW, Kpi, kpis

Unit = Literal["percent", "seconds", "dollars", "count"]
SOURCE: Final = {"type": "grafana-clickhouse-datasource", "uid": "hms-ach-clickhouse"}
PROMETHEUS: Final = {"type": "prometheus", "uid": "hms-ach-prometheus"}
VARIABLES: Final = {
    "from": "toDate($__fromTime, 'America/New_York')",
    "to": "toDate($__toTime, 'America/New_York')",
    "hospital": "${hospital:sqlstring}",
    "as_of": "now64(3, 'UTC')",
    "status": "''",
}
"""What stands in Grafana for each parameter of a KPI."""
_PARAMETER: Final = re.compile(r"\{([a-z_]+):[^{}]*\}")
_UNITS: Final = {"percent": "percent", "seconds": "s", "dollars": "currencyUSD", "count": "none"}
_FORMATS: Final = {"table": 1, "timeseries": 0}
_LINES: Final[dict[str, Any]] = {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}}


class Panel(NamedTuple):
    """A panel. `columns` are selected from the KPI's rows; `unit` is that of its numbers."""

    kpi: str
    kind: Literal["stat", "timeseries", "barchart", "table"]
    columns: str
    unit: Unit = "count"
    width: int = 12
    height: int = 8


class Measured(NamedTuple):
    """A panel of what the processes say of themselves: an expression for each line."""

    title: str
    lines: tuple[tuple[str, str], ...]
    unit: Unit
    description: str
    width: int = 12
    height: int = 8


def sql(panel: Panel) -> str:
    """What Grafana asks. A share of too few cases is empty there: no colour can alarm on it."""
    kpi = kpis()[panel.kpi]
    inner = "\n".join(f"    {line}" for line in grafanas(kpi.sql).splitlines())
    few = ", ".join(f"if({share.of} < {FEW}, NULL, {share.column}) AS {share.column}" for share in kpi.shares)
    guarded = f"SELECT * REPLACE ({few})\nFROM\n(\n{inner}\n)" if few else inner.replace("\n    ", "\n").removeprefix("    ")
    return f"SELECT {panel.columns}\nFROM\n(\n" + "\n".join(f"    {line}" for line in guarded.splitlines()) + "\n)"


def grafanas(text: str) -> str:
    """A KPI's SQL with Grafana's variables for its parameters."""
    return _PARAMETER.sub(lambda match: VARIABLES[match[1]], text)


def rendered(panel: Panel, number: int, x: int, y: int) -> dict[str, Any]:
    """The panel as Grafana's JSON."""
    kpi = kpis()[panel.kpi]
    series = panel.kind == "timeseries"
    return {
        "id": number,
        "type": panel.kind,
        "title": kpi.title,
        "description": _described(kpi),
        "datasource": SOURCE,
        "gridPos": {"h": panel.height, "w": panel.width, "x": x, "y": y},
        "targets": [
            {
                "refId": "A",
                "datasource": SOURCE,
                "editorType": "sql",
                "queryType": "timeseries" if series else "table",
                "format": _FORMATS["timeseries" if series else "table"],
                "rawSql": sql(panel),
            }
        ],
        "fieldConfig": {
            "defaults": {"unit": _UNITS[panel.unit], **({"noValue": "Too few"} if kpi.shares else {}), **_thresholds(kpi, panel)},
            "overrides": [],
        },
        "options": _options(panel),
    }


def measured(panel: Measured, number: int, x: int, y: int) -> dict[str, Any]:
    """The panel as Grafana's JSON."""
    return {
        "id": number,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.description,
        "datasource": PROMETHEUS,
        "gridPos": {"h": panel.height, "w": panel.width, "x": x, "y": y},
        "targets": [
            {"refId": chr(ord("A") + n), "datasource": PROMETHEUS, "expr": expr, "legendFormat": name}
            for n, (name, expr) in enumerate(panel.lines)
        ],
        "fieldConfig": {"defaults": {"unit": _UNITS[panel.unit], "color": {"mode": "palette-classic"}}, "overrides": []},
        "options": _LINES,
    }


def _described(kpi: Kpi) -> str:
    target = f"\n\nTarget: {kpi.target}." if kpi.target and not kpi.target.startswith("none") else ""
    return f"{kpi.definition}{target}\n\n" + "\n".join(f"- {trap}" for trap in kpi.traps)


def _thresholds(kpi: Kpi, panel: Panel) -> dict[str, Any]:
    if panel.kind != "stat" or kpi.goal is None:
        return {"color": {"mode": "palette-classic"}}
    below, above = ("green", "red") if kpi.goal.sense == "<=" else ("red", "green")
    steps: list[dict[str, Any]] = [{"color": below, "value": None}, {"color": above, "value": kpi.goal.bound}]
    if kpi.goal.sense == "<=":
        steps.insert(1, {"color": "orange", "value": kpi.goal.bound * 0.6})
    return {"color": {"mode": "thresholds"}, "thresholds": {"mode": "absolute", "steps": steps}}


def _options(panel: Panel) -> dict[str, Any]:
    if panel.kind == "stat":
        return {
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "/value/", "values": False},
            "colorMode": "value",
            "graphMode": "none",
        }
    if panel.kind == "table":
        return {"showHeader": True, "cellHeight": "sm"}
    return _LINES
