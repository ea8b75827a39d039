"""How a payment stands, through its whole life, read back as soon as the journal has it."""

from typing import Any

from fastapi.testclient import TestClient

from tests.api.bank import tell
from tests.api.ledger_fake import World
from tests.api.test_initiate import ask


def stands(client: TestClient, said: dict[str, Any]) -> dict[str, Any]:
    answer = client.get(said["links"]["self"])
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def repayment(client: TestClient, world: World) -> dict[str, Any]:
    tell(world, "balance", balance_id="b-1", patient_id="patient-1", hospital_id="hospital-1", amount="250.00", due_date="2026-03-15")
    tell(world, "mandate", mandate_id="m-1", patient_id="patient-1")
    said: dict[str, Any] = ask(client, amount="250.00", direction="repayment", balance_id="b-1").json()
    assert said["status"] == "approved", said
    return said


def test_a_repayment_that_is_returned_and_tried_again(client: TestClient, world: World) -> None:
    said = repayment(client, world)
    seen = []
    for kind, data in (
        ("submitted", {"trace_number": "091000010000001"}),
        ("settled", {"amount": "250.00", "settlement_date": "2026-03-03"}),
        ("returned", {"amount": "250.00", "return_code": "R01", "return_date": "2026-03-04"}),
    ):
        now = stands(client, said)
        seen.append((now["status"], now["status_code"], now["settlement_date"], now["error_code"], now["next"]["event"]))
        tell(world, kind, minutes=600, transaction_id=said["transaction_id"], **data)
    now = stands(client, said)
    seen.append((now["status"], now["status_code"], now["settlement_date"], now["error_code"], now["next"]["event"]))
    assert seen == [
        ("approved", "P", None, None, "payment.submitted.v1"),
        ("submitted", "P", None, None, "payment.settled.v1"),
        ("settled", "S", "2026-03-03", None, "tick.v1"),
        ("retry_scheduled", "P", "2026-03-03", "R01", "tick.v1"),
    ]
    assert now["reason"] == "insufficient_funds"
    assert now["next"]["by"].startswith("2026-03-")
    assert [(item["status"], item["cause"], item["policy"], item["error_code"], item["attempt"]) for item in now["history"]] == [
        ("received", "payment.initiated.v1", "", "", 0),
        ("approved", "payment.initiated.v1", "default@1", "", 0),
        ("submitted", "payment.submitted.v1", "", "", 0),
        ("settled", "payment.settled.v1", "", "", 0),
        ("returned", "payment.returned.v1", "", "R01", 0),
        ("retry_scheduled", "payment.returned.v1", "", "R01", 2),
    ]


def test_a_declined_payment_says_why(client: TestClient) -> None:
    now = stands(client, ask(client, amount="20000.00").json())
    assert (now["status"], now["status_code"], now["error_code"]) == ("declined", "F", "declined")
    assert "15,000" in now["reason"]
    assert now["next"] is None
    assert now["estimated_time"] is None


def test_a_held_payment_waits_for_a_person(client: TestClient, world: World) -> None:
    said = ask(client, amount="6000.00").json()
    assert stands(client, said)["next"] == {"event": "payment.reviewed.v1", "by": None}
    tell(world, "reviewed", transaction_id=said["transaction_id"], verdict="approve", reviewer="dana", comment="called the ward")
    now = stands(client, said)
    assert (now["status"], now["history"][-1]["reviewer"], now["history"][-1]["explanation"]) == (
        "approved",
        "dana",
        "Approved by dana: called the ward",
    )


def test_the_first_answer_stays_when_the_payment_moves_on(client: TestClient, world: World) -> None:
    said = ask(client, amount="6000.00").json()
    tell(world, "reviewed", transaction_id=said["transaction_id"], verdict="approve", reviewer="dana")
    again = ask(client, amount="6000.00")
    assert again.json() == said
    assert again.json()["status"] == "held"
