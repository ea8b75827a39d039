"""Asking for payments: one key, one payment, whatever happens."""

import asyncio
from collections import Counter
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from ledger.ids import transaction_id
from tests.api.ledger_fake import World

URL = "/api/v1/payments/initiate"
BODY = {
    "patient_id": "patient-1",
    "hospital_id": "hospital-1",
    "amount": "1000.00",
    "credit_reference": "credit-1",
    "direction": "preapproval",
}


def ask(client: TestClient, key: str = "key-1", **changes: Any) -> httpx2.Response:
    return client.post(URL, json={**BODY, **changes}, headers={"Idempotency-Key": key})


def test_a_preapproval_is_approved_at_once(client: TestClient) -> None:
    answer = ask(client)
    assert answer.status_code == 201
    said = answer.json()
    assert said["transaction_id"] == transaction_id("local", "key-1")
    assert (said["status"], said["status_code"], said["policy"]) == ("approved", "P", "default@1")
    assert said["explanation"] == "Approved: no rule objects."
    assert said["estimated_time"] == "2026-03-03T13:30:00Z"  # the next banking day, 8:30 a.m. in New York
    assert answer.headers["Location"] == said["links"]["self"] == f"/api/v1/payments/{said['transaction_id']}/status"
    assert "Idempotency-Replayed" not in answer.headers


@pytest.mark.parametrize(
    ("amount", "direction", "status", "rule"),
    [
        ("5000.01", "preapproval", "held", "large-preapproval"),
        ("15000.01", "preapproval", "declined", "preapproval-hard-limit"),
        ("10.00", "repayment", "held", "no-mandate"),
    ],
)
def test_rules_hold_and_decline_with_their_reasons(client: TestClient, amount: str, direction: str, status: str, rule: str) -> None:
    said = ask(client, amount=amount, direction=direction).json()
    assert said["status"] == status
    assert rule in [each["rule"] for each in said["rules"]]
    assert said["explanation"]
    assert (said["estimated_time"] is None) == (status == "declined")


def test_a_repeat_gets_the_first_answer(client: TestClient) -> None:
    first, again = ask(client), ask(client)
    assert again.status_code == 201
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()


def test_the_same_request_spelled_otherwise_is_a_repeat(client: TestClient) -> None:
    first = ask(client)
    again = client.post(
        URL,
        content='{"currency": "USD", "reference": "", '
        + ", ".join(f'"{name}":  "{value}"' for name, value in reversed(BODY.items()))
        + "}",
        headers={"Idempotency-Key": '"key-1"', "Content-Type": "application/json"},
    )
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"


def test_fifty_requests_at_once_are_one_payment(world: World) -> None:
    async def flood() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(world.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await asyncio.gather(*(client.post(URL, json=BODY, headers={"Idempotency-Key": "key-1"}) for _ in range(50)))

    answers = asyncio.run(flood())
    assert Counter(answer.headers.get("Idempotency-Replayed", "first") for answer in answers) == {"first": 1, "true": 49}
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(world.ledger.book.accounts["credit-1"].payments) == 1


def test_a_key_is_not_used_for_another_request(client: TestClient) -> None:
    first = ask(client).json()
    answer = ask(client, amount="1000.01")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:hms-ach:problem:idempotency-key-reused")
    assert answer.json()["link"] == first["links"]["self"]


def test_a_key_is_not_used_for_another_account(client: TestClient, world: World) -> None:
    ask(client)
    answer = ask(client, credit_reference="credit-2")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:hms-ach:problem:idempotency-key-reused")
    assert "credit-2" not in world.ledger.book.accounts


def test_a_client_reference_names_one_payment_for_ever(client: TestClient) -> None:
    first = ask(client, client_reference="invoice-7").json()
    answer = ask(client, key="key-2", client_reference="invoice-7")
    assert answer.status_code == 409
    assert answer.json()["transaction_id"] == first["transaction_id"]
    assert answer.json()["link"] == first["links"]["self"]
    # the refused request has not used up its key
    assert ask(client, key="key-2", client_reference="invoice-8").status_code == 201


def test_no_acknowledgement_no_success(client: TestClient, world: World) -> None:
    world.ledger.acknowledges = False
    answer = ask(client)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:hms-ach:problem:broker-unavailable")
    assert answer.headers["Retry-After"] == "2"
    world.ledger.acknowledges = True
    assert ask(client).status_code == 201


def test_a_decision_that_takes_longer_is_pending_and_can_be_asked_for() -> None:
    world = World(wait_s=0.05)
    world.ledger.decides = False
    with TestClient(world.app) as client:
        answer = ask(client)
        assert (answer.status_code, answer.json()["status"], answer.json()["status_code"]) == (202, "pending", "P")
        status = client.get(answer.headers["Location"])
        assert (status.status_code, status.json()["status"], status.json()["history"]) == (200, "received", [])


def test_an_event_that_breaks_the_decision_is_named_as_our_fault(client: TestClient, world: World) -> None:
    world.ledger.breaks = True
    answer = ask(client)
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:hms-ach:problem:undecidable")
    assert "HANDLER_ERROR" in answer.json()["detail"]


def test_payments_go_on_while_clickhouse_is_away(client: TestClient, world: World) -> None:
    from clickhouse_connect.driver.exceptions import OperationalError

    world.store.fails = lambda: OperationalError("connection refused")
    assert ask(client).status_code == 201
    answer = client.get(f"/api/v1/payments/{transaction_id('local', 'key-1')}/status")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:hms-ach:problem:store-unavailable")


def test_the_event_is_what_the_contract_says(client: TestClient, world: World) -> None:
    import json

    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    client.post(URL, json=BODY, headers={"Idempotency-Key": "key-1", "traceparent": trace})
    event = json.loads(world.ledger.published[0])
    assert event["subject"] == event["data"]["credit_reference"] == "credit-1"
    assert event["idempotencykey"] == "key-1"
    assert event["traceparent"] == trace
    assert event["data"]["amount"] == "1000.00"
    assert len(event["data"]["body_sha256"]) == 64
    assert "sec_code" not in event["data"]
