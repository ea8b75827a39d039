"""What an account owes, now and then."""

from fastapi.testclient import TestClient

from api.models.common import instant
from tests.api.bank import tell
from tests.api.ledger_fake import NOW_MS, World
from tests.api.test_payment import repayment


def owes(client: TestClient, **query: str) -> tuple[object, ...]:
    answer = client.get("/api/v1/balances/credit-1", params=query)
    assert answer.status_code == 200, answer.text
    said = answer.json()
    due = said["next_due"] and (said["next_due"]["date"], said["next_due"]["amount"], said["next_due"]["balance_ids"])
    return said["open_amount"], said["suspense_amount"], [item["balance_id"] for item in said["open_items"]], due


def test_a_balance_now_and_as_it_stood(client: TestClient, world: World) -> None:
    payment = repayment(client, world)["transaction_id"]
    tell(world, "balance", minutes=1, balance_id="b-2", patient_id="p", hospital_id="h", amount="80.00", due_date="2026-03-15")
    assert owes(client) == ("330.00", "0.00", ["b-1", "b-2"], ("2026-03-15", "330.00", ["b-1", "b-2"]))
    tell(world, "settled", minutes=1, transaction_id=payment, amount="250.00", settlement_date="2026-03-03")
    assert owes(client) == ("80.00", "0.00", ["b-2"], ("2026-03-15", "80.00", ["b-2"]))
    tell(world, "deposit", minutes=1, deposit_id="d-1", hospital_id="h", amount="100.00", settlement_date="2026-03-04", balance_id="b-2")
    assert owes(client) == ("0.00", "20.00", [], None)
    tell(world, "returned", minutes=1, transaction_id=payment, amount="250.00", return_code="R01", return_date="2026-03-05")
    assert owes(client) == ("250.00", "20.00", ["b-1"], ("2026-03-15", "250.00", ["b-1"]))
    then = [instant(NOW_MS + minutes * 60_000).isoformat() for minutes in range(4)]
    assert [owes(client, as_of=at)[0] for at in then] == ["250.00", "330.00", "80.00", "0.00"]


CHARGING = """
[book]
name = "charging"
version = 1
[return_fee]
flat = 25
"""


def test_charges_are_balances_with_their_component_and_their_cause(client: TestClient, world: World) -> None:
    assert client.post("/api/v1/rules/activate", json={"text": CHARGING, "activated_by": "anna"}).status_code == 200
    payment = repayment(client, world)["transaction_id"]
    tell(world, "submitted", minutes=1, transaction_id=payment)
    tell(world, "returned", minutes=1, transaction_id=payment, amount="250.00", return_code="R01", return_date="2026-03-03")
    said = client.get("/api/v1/balances/credit-1").json()
    assert (said["open_amount"], said["open_components"]) == ("275.00", {"fees": "25.00", "interest": "0.00", "principal": "250.00"})
    fee = said["open_items"][1]
    assert (fee["balance_id"], fee["component"], fee["name"], fee["parent_id"]) == (f"{payment}/return-fee", "fees", "return-fee", "b-1")
    assert fee["explanation"] == "Return fee: the debit of $250.00 came back R01 (insufficient_funds)."
    steps = client.get(f"/api/v1/payments/{payment}/trace").json()["steps"]
    (charge,) = [charge for step in steps for charge in step["charges"]]
    assert (charge["balance_id"], charge["amount"], charge["policy"]) == (fee["balance_id"], "25.00", "charging@1")


def test_an_item_is_expected_until_its_window_has_closed(client: TestClient, world: World) -> None:
    def states(minutes: int = 0) -> dict[str, tuple[str, str | None]]:
        world.ledger.now_ms += minutes * 60_000
        said = client.get("/api/v1/balances/credit-1").json()
        return {item["balance_id"]: (item["state"], item["missing_from"]) for item in said["open_items"]}

    for name, due in (("b-1", "2026-03-02"), ("b-2", "2026-03-02"), ("b-3", "9999-12-31")):
        tell(world, "balance", balance_id=name, patient_id="p", hospital_id="h", amount="80.00", due_date=due)
    tell(world, "deposit", deposit_id="d-1", hospital_id="h", amount="30.00", settlement_date="2026-03-02", balance_id="b-2")
    assert states() == {"b-1": ("EXPECTED", "2026-03-10"), "b-2": ("PARTIALLY_MATCHED", "2026-03-10"), "b-3": ("EXPECTED", None)}
    assert states(7 * 1440)["b-1"][0] == "EXPECTED"  # Monday the 9th
    assert states(1440)["b-1"][0] == "MISSING"


def test_nothing_was_known_before_the_first_event(client: TestClient, world: World) -> None:
    repayment(client, world)
    assert client.get("/api/v1/balances/credit-1", params={"as_of": "2020-01-01T00:00:00Z"}).status_code == 404
