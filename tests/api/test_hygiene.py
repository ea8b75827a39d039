"""What holds for every request: its id, its headers, the names under which the API answers."""

import pytest
from fastapi.testclient import TestClient

from tests.api.ledger_fake import World
from tests.api.test_initiate import ask

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


@pytest.mark.parametrize("path", ["/livez", "/metrics", "/openapi.json", "/docs", "/docs/events", "/nothing", "/api/v1/rules"])
def test_every_answer_is_private(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Request-Id"]
    assert "server" not in answer.headers


def test_a_decent_request_id_is_kept_and_another_replaced(client: TestClient) -> None:
    assert client.get("/livez", headers={"X-Request-Id": "call-42"}).headers["X-Request-Id"] == "call-42"
    assert client.get("/livez", headers={"X-Request-Id": "<script>"}).headers["X-Request-Id"] != "<script>"


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "", "[::1]"])
def test_another_host_name_is_turned_away(client: TestClient, host: str) -> None:
    answer = client.get("/livez", headers={"Host": host})
    assert (answer.status_code, answer.json()["type"]) == (421, "urn:hms-ach:problem:misdirected-request")


def test_readiness_names_what_is_not_well(client: TestClient, world: World) -> None:
    from api.health import Check

    assert client.get("/readyz").json()["status"] == "ready"
    world.health.found["clickhouse"] = Check(False, "ClickHouse does not answer")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "not ready",
        "checks": {"kafka": "answers", "clickhouse": "NOT WELL: ClickHouse does not answer"},
    }


def test_metrics_name_routes_not_paths(client: TestClient) -> None:
    ask(client)
    client.get("/api/v1/payments/some-very-own-id/status")
    client.get("/some-very-own-path")
    client.request("BREW", "/livez")
    text = client.get("/metrics").text
    assert 'hms_payments_initiated_total{answer="approved"} 1.0' in text
    assert 'route="/api/v1/payments/{transaction_id}/status",status="404"' in text
    assert 'method="other"' in text
    assert "some-very-own" not in text


def test_the_page_for_people_lists_every_route_and_what_is_sent_to_it(client: TestClient) -> None:
    text = client.get("/docs").text
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        for method in operations:
            assert f"<h2 id='{method.upper()} {path}'>" in text
            assert f"<a href='#{method.upper()} {path}'>" in text
    assert "<tr><th><code>credit_reference</code><td>body, string, required<td>" in text
    assert "<script" not in text


def test_the_page_of_events_lists_every_topic_and_the_fields_of_its_messages(client: TestClient) -> None:
    text = client.get("/docs/events").text
    for topic, channel in client.get("/asyncapi.json").json()["channels"].items():
        assert f"<h2 id='{topic}'>{topic}</h2>" in text
        for message in channel["messages"]:
            assert f"<h3><code>{message}</code></h3>" in text
    assert "<p>We read it. What CREDIT asks for" in text
    assert "<tr><th><code>settlement_date</code><td>date, required<td>" in text
    assert "<script" not in text
