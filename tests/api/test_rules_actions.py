"""Rule books over HTTP, on a ledger in memory: every error with its line, activation, shadow, rollout, back-test."""

import time
from typing import Any

from fastapi.testclient import TestClient

from tests.api.ledger_fake import World
from tests.api.test_initiate import ask

BOOK = '[book]\nname = "candidate"\nversion = 7\n[[rule]]\nname = "all"\nwhen = "amount > 0"\noutcome = "review"\nexplain = "Everything."\n'
WRONG = BOOK.replace("amount > 0", "amuont > 0").replace('outcome = "review"', 'outcome = "perhaps"')
ANNA = {"activated_by": "anna"}


def post(client: TestClient, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/{path}", json=body)


def test_every_error_of_a_book_is_told_with_its_line(client: TestClient) -> None:
    answer = post(client, "rules/validate", {"text": WRONG}).json()
    assert not answer["valid"]
    assert [(error["line"], error["where"]) for error in answer["errors"]] == [(6, "rule all, when"), (7, "rule all, outcome")]
    assert post(client, "rules/validate", {"text": BOOK}).json() == {"valid": True, "version": "candidate@7", "rules": 1, "errors": []}


def test_an_activated_book_decides_and_its_version_names_one_text(client: TestClient, world: World) -> None:
    answer = post(client, "rules/activate", {"text": BOOK, **ANNA})
    assert (answer.status_code, answer.json()["agreed"]) == (200, True)
    assert world.ledger.book.policy_version == "candidate@7"
    held = ask(client).json()
    assert (held["status"], held["explanation"]) == ("held", "Held for review: everything.")
    assert post(client, "rules/activate", {"version": "default@1", **ANNA}).status_code == 200
    assert world.ledger.book.policy_version == "default@1"
    taken = post(client, "rules/activate", {"text": BOOK.replace("Everything", "All"), **ANNA})
    assert (taken.status_code, taken.json()["type"]) == (409, "urn:hms-ach:problem:change-refused")
    assert "POLICY_VERSION_TAKEN" in taken.json()["errors"][0]["detail"]


def test_a_debt_is_quoted_by_a_text_or_by_the_book_in_force(client: TestClient) -> None:
    text = BOOK + '[schedule]\napr = "7.2"\ninstalments = 60\n[minimum_payment]\npercent = 2\n'
    said = post(client, "rules/quote", {"amount": "25000.00", "first_due": "2026-01-31", "text": text}).json()
    assert (said["version"], said["instalments"][0]["payment"], said["minimum_payment"]) == ("candidate@7", "497.39", "500.00")
    assert [each["due_date"] for each in said["instalments"][:2]] == ["2026-02-02", "2026-03-02"]
    assert said["instalments"][-1]["balance"] == "0.00"
    shipped = post(client, "rules/quote", {"amount": "5000.00", "first_due": "2026-01-30"}).json()
    assert (shipped["version"], shipped["instalments"][0]["payment"], shipped["interest"]) == ("default@1", "416.67", "0.00")
    assert post(client, "rules/quote", {"amount": "1.00", "first_due": "2026-01-30", "version": "other@9"}).status_code == 404
    for wrong in ({"first_due": "9999-01-01"}, {"first_due": 7}, {"amount": "0.00"}, {"text": WRONG}):
        assert post(client, "rules/quote", {"amount": "1.00", "first_due": "2026-01-30", **wrong}).status_code == 422


def test_what_is_no_book_or_no_version_is_not_sent(client: TestClient, world: World) -> None:
    assert post(client, "rules/activate", {"text": WRONG, **ANNA}).status_code == 422
    assert post(client, "rules/activate", {"version": "other@9", **ANNA}).status_code == 404
    assert post(client, "rules/activate", ANNA).status_code == 422
    assert post(client, "rules/activate", {"text": BOOK}).status_code == 422  # nobody did it
    assert post(client, "rules/shadow", {"text": WRONG, "shadowed_by": "anna"}).status_code == 422
    assert post(client, "rollouts", {"hospital_id": "h-1", "phase": "off", "changed_by": "anna"}).status_code == 422
    assert not world.recent.holding("[")


def test_a_shadow_and_a_phase_reach_the_ledger(client: TestClient, world: World) -> None:
    assert post(client, "rules/shadow", {"text": BOOK, "shadowed_by": "anna"}).status_code == 200
    assert post(client, "rollouts", {"hospital_id": "h-1", "phase": "paused", "changed_by": "anna"}).status_code == 200
    assert world.ledger.book.governance.shadow_text == BOOK
    assert world.ledger.book.governance.phases == {"h-1": "paused"}
    assert post(client, "rules/shadow", {"text": "", "shadowed_by": "anna"}).status_code == 200
    assert client.get("/api/v1/rules/shadow").json() == {"running": [], "differing": []}
    assert client.get("/api/v1/rollouts").json() == {"hospitals": []}


def test_versions_begin_with_the_book_that_ships(client: TestClient) -> None:
    assert [each["version"] for each in client.get("/api/v1/rules/versions").json()["versions"]] == ["default@1"]
    assert client.get("/api/v1/rules/versions/default@1").json()["text"].startswith("# The rule book that ships.")
    assert client.get("/api/v1/rules/versions/other@1").status_code == 404


def test_a_backtest_tells_of_its_progress_and_only_one_runs(client: TestClient) -> None:
    begun = post(client, "rules/backtest", {"text": BOOK})
    assert begun.status_code == 202
    where = begun.headers["Location"]
    second = post(client, "rules/backtest", {"text": BOOK})
    assert (second.status_code, second.json()["type"]) == (409, "urn:hms-ach:problem:backtest-running")
    deadline = time.monotonic() + 10
    while (state := client.get(where).json())["state"] == "running" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (state["state"], state["done"], state["total"], state["report"]["version"]) == ("finished", 2, 2, "candidate@7")
    assert client.get("/api/v1/rules/backtests/unknown").status_code == 404
    assert post(client, "rules/backtest", {"text": WRONG}).status_code == 422


def test_who_ran_a_book_as_a_shadow_does_not_put_it_in_force(client: TestClient, world: World) -> None:
    world.store.stored["FROM shadows WHERE version"] = [(BOOK, "anna")]
    assert client.get("/api/v1/rules/versions/candidate@7").json() == {"version": "candidate@7", "text": BOOK}
    for body in ({"version": "candidate@7"}, {"text": BOOK}):
        refused = post(client, "rules/activate", {**body, **ANNA})
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:hms-ach:problem:change-refused")
        assert "another person" in refused.json()["detail"]
    assert world.ledger.book.policy_version == "default@1"
    assert post(client, "rules/activate", {"version": "candidate@7", "activated_by": "bert"}).status_code == 200
    assert world.ledger.book.policy_version == "candidate@7"
