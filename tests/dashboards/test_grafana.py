"""Grafana's boards: the files are what the code says, and every panel's SQL answers on the embedded engine."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from clickhouse_connect.driver.client import Client
from prometheus_client import generate_latest

from api.metrics import Metrics
from dashboards.grafana import alerts
from dashboards.grafana.boards import BOARDS, FOLDER, board, text
from dashboards.grafana.panels import PROMETHEUS, SOURCE, VARIABLES
from dashboards.kpi import PARAMETERS
from journal.settings import Settings
from sinks.clickhouse.database import Database
from sinks.clickhouse.metrics import SinkMetrics
from sinks.outbox.metrics import OutboxMetrics
from tests.dashboards.seeded import Seeded

ROOT = Path(__file__).parents[2]
NOW_MS = 1_772_463_600_000
SEEDED_NOW = "toDateTime64('2026-03-02 15:00:00', 3, 'UTC')"
EVERY_PANEL = [(name, panel) for name in BOARDS for panel in board(name)["panels"]]
PANELS = [(name, panel) for name, panel in EVERY_PANEL if panel["datasource"] == SOURCE]
MEASURED = [panel for _, panel in EVERY_PANEL if panel["datasource"] == PROMETHEUS]


def asked(panel: dict[str, Any], hospital: str) -> str:
    """A panel's SQL as Grafana sends it."""
    sql = str(panel["targets"][0]["rawSql"])
    for macro, value in (
        ("$__fromTime", "toDateTime('2026-02-01 05:00:00', 'UTC')"),
        ("$__toTime", "toDateTime('2026-03-02 15:00:00', 'UTC')"),
        ("${hospital:sqlstring}", f"'{hospital}'"),
    ):
        sql = sql.replace(macro, value)
    assert "$" not in sql
    assert not re.search(r"\{[a-z]", sql)
    return sql


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with Database(Settings(data_dir=Path(tmp_path_factory.mktemp("grafana")))) as database:
        Seeded(NOW_MS, 60, 70).store(database)
        yield database.client()


@pytest.mark.parametrize("name", BOARDS)
def test_the_committed_boards_are_what_the_code_says(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text("utf-8") == text(name), "run python -m dashboards.grafana.boards"


def test_every_parameter_has_its_variable() -> None:
    assert set(VARIABLES) == set(PARAMETERS)


@pytest.mark.parametrize("name", BOARDS)
def test_panels_lie_beside_each_other_and_not_over(name: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in board(name)["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken
        taken |= cells


@pytest.mark.live
def test_every_panel_answers_on_the_engine(client: Client) -> None:
    for name, panel in PANELS:
        for hospital in ("", "H01"):
            found = client.query(asked(panel, hospital), settings={"readonly": 1})
            where = f"{name}: {panel['title']}"
            if panel["type"] == "stat":
                assert len(found.result_rows) == 1, where
                assert found.column_names == ("value",), where
            if panel["type"] == "timeseries" and found.result_rows:
                assert found.column_names[0] == "time", where
                assert not hospital or len(found.result_rows) > 1, where


def test_the_committed_alert_rules_are_what_the_code_says() -> None:
    assert alerts.FILE.read_text("utf-8") == alerts.text(), "run python -m dashboards.grafana.alerts"
    assert len({told.uid for told in alerts.RULES}) == len(alerts.RULES)
    assert not [told.uid for told in alerts.RULES if re.search(r"\$[\w{]", alerts.asked(told))], "a rule knows no variables"


def clocked(told: alerts.Rule) -> str:
    """A rule's SQL with the seeded ledger's now."""
    return alerts.asked(told).replace("now()", SEEDED_NOW).replace("now64(3, 'UTC')", SEEDED_NOW)


@pytest.mark.live
def test_every_alert_rule_answers_on_the_engine(client: Client) -> None:
    for told in alerts.RULES:
        found = client.query(clocked(told), settings={"readonly": 1})
        *labels, value = zip(found.column_names, found.column_types, strict=True)
        assert value[0] == "value", told.uid
        assert "Float64" in value[1].name, told.uid
        assert {name for name, _ in labels} == set(re.findall(r"labels\.(\w+)", told.summary)), told.uid
        assert all("String" in kind.name for _, kind in labels), told.uid


@pytest.mark.live
def test_alert_rules_say_what_the_ledger_says(client: Client) -> None:
    said = {told.uid: client.query(clocked(told)).result_rows for told in alerts.RULES}
    assert said["tie-out"] == [(tie, 0.0) for tie in ("ledger_bank", "bank_files", "ledger_balances", "journal_tables")]
    assert said["traceability"] == [(0.0,)]
    assert said["return-rate-near"] == said["return-rate-breach"] != []
    waiting = client.query(
        f"SELECT source_id FROM suspense WHERE at < {SEEDED_NOW} GROUP BY source_id "
        f"HAVING sum(amount_cents) > 0 AND maxIf(at, amount_cents > 0) <= {SEEDED_NOW} - INTERVAL 30 DAY"
    )
    assert said["old-money"] == [(float(len(waiting.result_rows)),)] != [(0.0,)]


@pytest.mark.live
def test_the_choice_of_hospitals_answers(client: Client) -> None:
    (variable,) = board("risk")["templating"]["list"]
    assert len(client.query(variable["query"]).result_rows) > 5


def test_the_data_source_is_the_one_that_the_panels_ask() -> None:
    provisioned = yaml.safe_load((ROOT / "dashboards/grafana/provisioning/datasources/clickhouse.yaml").read_text())["datasources"][0]
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert {"type": provisioned["type"], "uid": provisioned["uid"]} == SOURCE
    measures = yaml.safe_load((ROOT / "dashboards/grafana/provisioning/datasources/prometheus.yaml").read_text())["datasources"][0]
    assert {"type": measures["type"], "uid": measures["uid"]} == PROMETHEUS
    assert provisioned["jsonData"]["host"] in compose
    assert compose["grafana"]["profiles"] == ["grafana"]
    assert measures["url"].removeprefix("$") in compose["grafana"]["environment"]
    provider = yaml.safe_load((ROOT / "dashboards/grafana/provisioning/dashboards/boards.yaml").read_text())["providers"][0]
    mounted = [volume.split(":") for volume in compose["grafana"]["volumes"]]
    assert provider["options"]["path"] in {target for _, target, *_ in mounted}
    assert all((ROOT / source).is_dir() for source, *_ in mounted if source.startswith("./"))


def test_alerts_and_panels_speak_of_metrics_that_there_are() -> None:
    metrics = Metrics()
    SinkMetrics(metrics.registry)
    for channel in ("webhook", "notification"):
        OutboxMetrics(channel, metrics.registry)
    known = set(re.findall(r"^# TYPE (\w+)", generate_latest(metrics.registry).decode(), re.MULTILINE))
    rules = yaml.safe_load((ROOT / "dashboards/prometheus/alerts.yml").read_text())["groups"][0]["rules"]
    asked_for = [rule["expr"] for rule in rules] + [target["expr"] for panel in MEASURED for target in panel["targets"]]
    used = {name for expr in asked_for for name in re.findall(r"hms_\w+", expr)}
    assert "hms_event_visible_seconds_bucket" in used
    assert {re.sub(r"_(bucket|count|sum)$", "", name) for name in used} <= known
    assert all(rule["annotations"]["summary"].endswith(".") for rule in rules)
