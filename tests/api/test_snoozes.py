"""Rules put to sleep over HTTP, on a ledger in memory: the real book decides."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.ledger_fake import World
from tests.api.test_initiate import ask

SLEEP = {
    "actor": "anna",
    "credit_reference": "credit-1",
    "rule": "large-preapproval",
    "until": "2026-03-09T12:00:00Z",
    "comment": "an estate",
}
WAKE = {"actor": "bert", "credit_reference": "credit-1", "rule": "large-preapproval"}


def post(client: TestClient, path: str, body: dict[str, Any], **headers: str) -> Any:
    return client.post(f"/api/v1/{path}", json=body, headers=headers)


def test_a_rule_that_sleeps_holds_nothing_until_somebody_wakes_it(client: TestClient, world: World) -> None:
    assert post(client, "snoozes", SLEEP).json()["outcome"] == "done"
    assert ask(client, amount="5500.00", key="k-1").json()["status"] == "approved"
    assert post(client, "snoozes/wake", WAKE).json()["outcome"] == "done"
    assert post(client, "snoozes/wake", WAKE).json()["outcome"] == "already"
    assert ask(client, amount="5500.00", key="k-2").json()["status"] == "held"
    assert len(world.ledger.book.accounts["credit-1"].acts) == 2


def test_a_repeat_under_the_same_key_is_done_once(client: TestClient) -> None:
    said = [post(client, "snoozes", SLEEP, **{"Idempotency-Key": "k-1"}).json()["outcome"] for _ in range(2)]
    assert said == ["done", "already"]


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"rule": "no-such-rule"}, 409, "RULE_NOT_SNOOZABLE"),
        ({"rule": "hard-limit"}, 409, "RULE_NOT_SNOOZABLE"),
        ({"until": "2028-01-01T00:00:00Z"}, 409, "IMPLAUSIBLE_TIME"),
        ({"until": "tomorrow"}, 422, "is an instant with offset"),
        ({"comment": ""}, 422, "string should have at least 1 character"),
        ({"comment": "call 212-555-0147"}, 422, "holds"),
    ],
)
def test_what_is_refused(client: TestClient, change: dict[str, str], status: int, word: str) -> None:
    answer = post(client, "snoozes", {**SLEEP, **change})
    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["detail"].startswith(word)


def test_nothing_sleeps_at_first(client: TestClient) -> None:
    assert client.get("/api/v1/snoozes").json() == {"snoozes": []}
