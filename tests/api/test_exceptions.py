"""The work queue over HTTP, on a ledger in memory: the real book decides what people do."""

from typing import Any

from fastapi.testclient import TestClient

from tests.api.bank import tell
from tests.api.ledger_fake import World
from tests.api.test_initiate import ask
from tests.api.test_payment import repayment

ANNA, BERT = {"actor": "anna", "credit_reference": "credit-1"}, {"actor": "bert", "credit_reference": "credit-1"}


def post(client: TestClient, path: str, body: dict[str, Any], **headers: str) -> Any:
    return client.post(f"/api/v1/{path}", json=body, headers=headers)


def held(client: TestClient) -> str:
    """The exception of a payment that waits for a person."""
    answer = ask(client, amount="12000.00").json()
    assert answer["status"] == "held"
    return f"{answer['transaction_id']}/PAYMENT_HELD"


def suspended(client: TestClient, world: World) -> None:
    """A settled repayment, a balance of 80.00, and a deposit of 80.00 that fits it and another."""
    repayment(client, world)
    for name in ("b-2", "b-3"):
        tell(world, "balance", balance_id=name, patient_id="p", hospital_id="h", amount="80.00", due_date="2026-03-15")
    tell(world, "deposit", deposit_id="d-1", hospital_id="h", amount="80.00", settlement_date="2026-03-04")


def test_a_held_payment_is_worked_on_and_decided(client: TestClient, world: World) -> None:
    path = f"exceptions/{held(client)}"
    assert post(client, f"{path}/assign", {**ANNA, "owner": "cara"}).json()["outcome"] == "done"
    again = post(client, f"{path}/assign", {**ANNA, "owner": "cara"})
    assert (again.json()["outcome"], again.json()["detail"]) == ("already", "cara has it already")
    assert post(client, f"{path}/comment", {**ANNA, "comment": "asked the ward"}).json()["outcome"] == "done"
    assert post(client, f"{path}/snooze", {**ANNA, "until": "2026-03-05T12:00:00Z"}).json()["outcome"] == "done"
    refused = post(client, f"{path}/resolve", {**ANNA, "resolution": "no_action"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:hms-ach:problem:act-refused")
    assert refused.json()["detail"] == "The payment is held: approve or decline it, or cancel it."
    assert refused.json()["errors"][0]["detail"] == "CAUSE_REMAINS"
    reviewed = post(client, f"{path}/review", {**ANNA, "verdict": "decline"}).json()
    assert (reviewed["outcome"], reviewed["closed"]) == ("done", [path.removeprefix("exceptions/")])
    assert post(client, f"{path}/comment", {**ANNA, "comment": "late"}).status_code == 404
    assert world.ledger.book.accounts["credit-1"].exceptions == {}


def test_a_repeat_under_the_same_key_is_done_once(client: TestClient, world: World) -> None:
    path = f"exceptions/{held(client)}/comment"
    first = post(client, path, {**ANNA, "comment": "asked"}, **{"Idempotency-Key": "k-1"})
    second = post(client, path, {**ANNA, "comment": "asked"}, **{"Idempotency-Key": "k-1"})
    assert (first.json()["outcome"], second.json()["outcome"]) == ("done", "already")
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(world.ledger.book.accounts["credit-1"].acts) == 1


def test_a_comment_with_personal_data_is_not_sent(client: TestClient, world: World) -> None:
    path = f"exceptions/{held(client)}/comment"
    before = len(world.ledger.published)
    answer = post(client, path, {**ANNA, "comment": "call 212-555-0147"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/comment")
    assert "0147" not in answer.text
    assert len(world.ledger.published) == before


def test_a_match_is_confirmed_revoked_and_an_adjustment_takes_two(client: TestClient, world: World) -> None:
    suspended(client, world)
    assert list(world.ledger.book.accounts["credit-1"].exceptions) == ["d-1/AMBIGUOUS"]
    confirmed = post(client, "matches/confirm", {**ANNA, "source_id": "d-1", "balance_ids": ["b-3"]}).json()
    assert confirmed["closed"] == ["d-1/AMBIGUOUS"]
    revoked = post(client, "matches/revoke", {**ANNA, "source_id": "d-1", "comment": "another bill"}).json()
    assert revoked["opened"] == ["d-1/MATCH_REVOKED"]
    proposal = {**ANNA, "form": "refund", "about": "d-1", "amount": "80.00", "reason": "sent back by check", "adjustment_id": "a-1"}
    assert post(client, "adjustments", proposal).json()["outcome"] == "done"
    own = post(client, "adjustments/a-1/approve", ANNA)
    assert (own.status_code, own.json()["errors"][0]["detail"]) == (409, "SAME_PERSON")
    assert post(client, "adjustments/a-1/approve", BERT).json()["closed"] == ["d-1/MATCH_REVOKED"]
    assert post(client, "adjustments/a-2/approve", BERT).status_code == 404
    assert client.get("/api/v1/balances/credit-1").json()["suspense_amount"] == "0.00"


def test_a_write_off_lowers_what_the_api_says_is_owed(client: TestClient, world: World) -> None:
    suspended(client, world)
    proposal = {**ANNA, "form": "write_off", "about": "b-2", "amount": "30.00", "reason": "small", "adjustment_id": "a-1"}
    post(client, "adjustments", proposal)
    open_before = client.get("/api/v1/balances/credit-1").json()["open_amount"]
    assert post(client, "adjustments/a-1/approve", {"actor": "bert"}).json()["outcome"] == "done", "the tables do not have it yet"
    assert (open_before, client.get("/api/v1/balances/credit-1").json()["open_amount"]) == ("410.00", "380.00")


def test_what_the_tables_do_not_know_is_not_there(client: TestClient, world: World) -> None:
    assert client.get("/api/v1/exceptions/t-1/PAYMENT_HELD").status_code == 404
    assert post(client, "exceptions/t-1/PAYMENT_HELD/assign", {"actor": "anna", "owner": "cara"}).status_code == 404
    assert post(client, "exceptions/t-1/PAYMENT_HELD/assign", {**ANNA, "owner": "cara"}).status_code == 404
    assert post(client, "exceptions/t-1/OVERPAID/review", {**ANNA, "verdict": "approve"}).status_code == 422
    assert client.get("/api/v1/adjustments").json() == {"adjustments": []}
    assert not world.ledger.book.accounts


def test_a_preview_comes_first_and_its_token_is_needed(client: TestClient) -> None:
    asked = {"action": "resolve", "resolution": "no_action", "where": {"code": "PAYMENT_FAILED"}, "actor": "anna"}
    preview = post(client, "exceptions/bulk", asked).json()
    assert (preview["preview"], preview["count"], preview["exceptions"]) == (True, 0, [])
    assert post(client, "exceptions/bulk", {**asked, "preview": False}).status_code == 409
    assert post(client, "exceptions/bulk", {**asked, "preview": False, "token": preview["token"]}).status_code == 200
    assert post(client, "exceptions/bulk", {"action": "resolve", "where": {}, "actor": "anna"}).status_code == 422
    assert post(client, "exceptions/bulk", {"action": "assign", "actor": "anna"}).status_code == 422
    assert post(client, "exceptions/bulk", {"action": "assign", "where": {}}).status_code == 422  # nobody did it


def test_nobody_waits_for_ever(client: TestClient, world: World) -> None:
    path = f"exceptions/{held(client)}/assign"
    world.ledger.decides = False
    answer = post(client, path, {**ANNA, "owner": "cara"})
    assert (answer.status_code, answer.json()["outcome"]) == (202, "pending")
    world.ledger.acknowledges = False
    assert post(client, path, {**ANNA, "owner": "cara"}).status_code == 503
