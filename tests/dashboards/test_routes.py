"""KPIs, the stream and the page over HTTP, on a ledger in memory."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.routes.pages import assets
from tests.api.ledger_fake import World

WEB = Path(__file__).parents[2] / "dashboards" / "web"


@pytest.fixture
def client() -> TestClient:
    return TestClient(World().app)


def test_the_period_is_thirty_days_up_to_today_in_new_york(client: TestClient) -> None:
    page = client.get("/api/v1/kpis").json()
    assert page["filters"] == {"from": "2026-02-01", "to": "2026-03-02", "hospital": "", "status": ""}
    assert {kpi["name"] for kpi in page["kpis"]} >= {"approval_time", "returns_unauthorized", "traceability"}
    assert all(kpi["value"] is None for kpi in page["kpis"])


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("from=2026-03-02&to=2026-03-01", "from"),
        ("from=1980-01-01&to=2026-03-01", "from"),
        ("to=1970-01-01", "to"),
        ("to=tomorrow", "to"),
        ("as_of=2026-03-01T00:00:00", "as_of"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(client: TestClient, query: str, parameter: str) -> None:
    answer = client.get(f"/api/v1/kpis/approval_time?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_an_unknown_kpi_is_not_found(client: TestClient) -> None:
    assert client.get("/api/v1/kpis/happiness").status_code == 404
    assert client.get("/api/v1/kpis/..%2Fetc").status_code in {404, 422}


def test_what_many_ask_at_once_is_asked_once() -> None:
    world = World()
    with TestClient(world.app) as client:
        for _ in range(3):
            assert client.get("/api/v1/kpis/volume").status_code == 200
    assert len(world.store.asked) == len({sql for sql, _ in world.store.asked}) == 2, "the KPI, and whether its period was restated"


def test_values_are_bound_never_written_into_the_sql() -> None:
    world = World()
    with TestClient(world.app) as client:
        client.get("/api/v1/kpis/volume", params={"hospital": "' OR 1 = 1 --"})
    hostile = "' OR 1 = 1 --"
    assert not any("1 = 1" in sql for sql, _ in world.store.asked)
    assert [given.get("hospital") or given["hospitals"] for _, given in world.store.asked] in ([hostile, [hostile]], [[hostile], hostile])


def test_the_page_allows_itself_and_nothing_else(client: TestClient) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|https?://", answer.text)


def test_every_file_of_the_page_is_sent_with_its_type(client: TestClient) -> None:
    sent = {str(path.relative_to(WEB)) for path in WEB.rglob("*") if path.suffix in {".html", ".js", ".mjs", ".css", ".svg", ".txt"}}
    assert set(assets()) == sent
    answer = client.get("/web/app.js", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    again = client.get("/web/app.js", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/web/nothing.js").status_code == 404
    assert client.get("/web/../kpi.py").status_code == 404
    assert client.get("/web/%2e%2e/kpi.py").status_code == 404
