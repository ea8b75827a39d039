"""A payment from end to end."""

import hashlib
from typing import Any

from fastapi.testclient import TestClient

from tests.api.bank import tell
from tests.api.ledger_fake import World
from tests.api.test_initiate import ask
from tests.api.test_payment import repayment


def test_every_event_and_all_that_it_brought_about(client: TestClient, world: World) -> None:
    said = repayment(client, world)
    payment = said["transaction_id"]
    tell(world, "submitted", transaction_id=payment, trace_number="091000010000001", file_id="f-1")
    tell(world, "settled", transaction_id=payment, amount="250.00", settlement_date="2026-03-03")
    tell(world, "settled", transaction_id=payment, amount="250.00", settlement_date="2026-03-03")
    tell(world, "returned", minutes=60, transaction_id=payment, amount="250.00", return_code="R10", return_date="2026-03-05")
    found = client.get(said["links"]["trace"]).json()
    assert (found["status"], found["trace_numbers"], found["file_ids"]) == ("charged_back", ["091000010000001"], ["f-1"])
    table = [
        (
            step["source"]["type"],
            step["refusal"] or step["outcome"],
            [each["status"] for each in step["decisions"] + step["moves"]],
            [f"{each['debit']}>{each['credit']} {each['amount']}" for each in step["postings"]],
            [f"{each['kind']} {each['balance_id']} {each['rule'] or each['reason']}" for each in step["matches"]],
            [each["kind"] for each in step["deliveries"]],
            [each["alert"] for each in step["alerts"]] + [each["code"] for each in step["exceptions"]],
        )
        for step in found["steps"]
    ]
    assert table == [
        ("payment.initiated.v1", "posted", ["approved", "received"], [], [], ["ach_entry"], []),
        ("payment.submitted.v1", "posted", ["submitted"], [], [], [], []),
        ("payment.settled.v1", "posted", ["settled"], ["cash>patient_receivable 250.00"], ["matched b-1 id"], ["webhook"], []),
        ("payment.settled.v1", "DUPLICATE", [], [], [], [], []),
        (
            "payment.returned.v1",
            "posted",
            ["charged_back"],
            ["returned_items>cash 250.00", "patient_receivable>returned_items 250.00"],
            ["unmatched b-1 returned R10"],
            ["webhook"],
            ["unauthorized_return", "PAYMENT_RETURNED"],
        ),
    ]
    webhook = found["steps"][-1]["deliveries"][-1]
    assert (webhook["topic"], webhook["detail"]["balance"], webhook["detail"]["exceptions"]) == (
        "outbox.webhooks.v1",
        "250.00",
        "PAYMENT_RETURNED",
    )


def test_attempts_stand_at_their_delivery_oldest_first_without_the_address(client: TestClient, world: World) -> None:
    said = repayment(client, world)
    payment = said["transaction_id"]
    tell(world, "submitted", transaction_id=payment, trace_number="091000010000001", file_id="f-1")
    tell(world, "settled", transaction_id=payment, amount="250.00", settlement_date="2026-03-03")
    due = {each["kind"]: each["id"] for step in client.get(said["links"]["trace"]).json()["steps"] for each in step["deliveries"]}
    world.store.stored["delivery_attempts"] = [
        attempt(3_000, due["webhook"], payment, 2, "delivered", 204),
        attempt(2_000, due["webhook"], payment, 1, "failed", 503, next_ms=7_000),
        attempt(1_000, "of another payment", payment, 1, "gone", 410),
    ]
    answer = client.get(said["links"]["trace"])
    told = {each["kind"]: each["attempts"] for step in answer.json()["steps"] for each in step["deliveries"]}
    assert [(each["attempt"], each["outcome"], each["status"], each["next_at"]) for each in told["webhook"]] == [
        (1, "failed", 503, "1970-01-01T00:00:07Z"),
        (2, "delivered", 204, None),
    ]
    assert told["ach_entry"] == []
    assert "credit.example" not in answer.text
    sql, asked = next(each for each in world.store.asked if "delivery_attempts" in each[0])
    assert asked["transaction_id"] == payment
    assert "transaction_id = {transaction_id:String}" in sql


def attempt(at_ms: int, delivery: str, payment: str, number: int, outcome: str, status: int, next_ms: int = 0) -> tuple[Any, ...]:
    """A row as the tables give it."""
    told = (delivery, payment, "CR-1", "webhook", "", number, outcome, status, "", 12, next_ms, "https://credit.example", "")
    return at_ms, 0, at_ms, *told, "webhooks.deliveries.v1"


def test_the_proof_is_the_hash_of_the_very_record(client: TestClient, world: World) -> None:
    said = ask(client).json()
    found = client.get(said["links"]["trace"]).json()
    [record] = world.ledger.recent.holding(said["transaction_id"])
    [proof] = found["proof"]
    assert proof["hash"] == hashlib.sha256(record.value).hexdigest()
    assert (proof["sequence"], proof["offset"], proof["previous"]) == (0, 0, "0" * 64)
    assert {each["sequence"] for step in found["steps"] for each in step["postings"]} == {0}


def test_other_payments_of_the_account_stay_out(client: TestClient) -> None:
    first, second = ask(client).json(), ask(client, key="key-2", amount="20.00").json()
    found = client.get(second["links"]["trace"]).json()
    assert [step["postings"][0]["amount"] for step in found["steps"]] == ["20.00"]
    assert first["transaction_id"] not in client.get(second["links"]["trace"]).text
