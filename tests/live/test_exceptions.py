"""The work queue on the real pipeline: what people do through the API is journalled, stored, shown, and done once."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import uuid4

import pytest

from journal import topics
from tests.api.system import System, running
from tests.live.caller import ask, tell, warm_up

pytestmark = pytest.mark.live
ACCOUNT: Final = "credit-people"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("people"), decision_wait_ms=8_000) as system:
        warm_up(system)
        yield system


def until(found: Callable[[], Any]) -> Any:
    """What is there after a while."""
    deadline = time.monotonic() + 30
    while not (seen := found()):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return seen


def act(system: System, path: str, **body: Any) -> dict[str, Any]:
    key = {"Idempotency-Key": body.pop("key", str(uuid4()))}
    answer = system.client.post(f"/api/v1/{path}", json={"actor": "anna", **body}, headers=key)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


def test_a_held_payment_goes_through_many_hands(system: System) -> None:
    payment = ask(system, account=ACCOUNT, amount="12000.00", direction="disbursement").json()
    assert payment["status"] == "held"
    name = f"{payment['transaction_id']}/PAYMENT_HELD"
    listed = until(lambda: system.client.get("/api/v1/exceptions", params={"credit_reference": ACCOUNT}).json()["exceptions"])
    assert (listed[0]["exception_id"], listed[0]["owner"], listed[0]["due_at"] is None) == (name, "", False)

    assert act(system, f"exceptions/{name}/assign", owner="cara", key="k-1")["outcome"] == "done"
    assert act(system, f"exceptions/{name}/assign", owner="cara", key="k-1")["outcome"] == "already"
    until(lambda: system.client.get("/api/v1/exceptions", params={"owner": "cara"}).json()["exceptions"])
    preview = act(system, "exceptions/bulk", action="comment", comment="asked the ward", where={"owner": "cara"})
    assert [(each["exception_id"], each["outcome"]) for each in preview["exceptions"]] == [(name, "open")]
    done = act(
        system,
        "exceptions/bulk",
        action="comment",
        comment="asked the ward",
        where={"owner": "cara"},
        preview=False,
        token=preview["token"],
    )
    assert [each["outcome"] for each in done["exceptions"]] == ["done"]

    assert act(system, f"exceptions/{name}/review", verdict="approve", comment="agreed")["closed"] == [name]
    whole = until(lambda: (found := system.client.get(f"/api/v1/exceptions/{name}").json())["state"] == "closed" and found)
    told = [(event["what"], event["actor"], event["detail"]) for event in whole["history"]]
    assert told[1:] == [("assigned", "anna", "cara"), ("commented", "anna", "asked the ward"), ("closed", "anna", "reviewed")]
    assert (whole["closed_by"], whole["owner"]) == ("anna", "cara")


def test_money_without_a_place_finds_one_and_a_write_off_takes_two(system: System) -> None:
    for name in ("b-1", "b-2"):
        data = {"balance_id": name, "patient_id": "p", "hospital_id": "hospital-1", "amount": "80.00", "due_date": "2026-12-01"}
        tell(system, topics.PAYMENTS, "balance.opened.v1", ACCOUNT, **data)
    until(lambda: len(system.client.get(f"/api/v1/balances/{ACCOUNT}").json().get("open_items", ())) == 2)
    today = time.strftime("%Y-%m-%d")
    money = {"deposit_id": "d-1", "hospital_id": "hospital-1", "amount": "80.00", "settlement_date": today}
    tell(system, topics.SETTLEMENTS, "deposit.received.v1", ACCOUNT, **money)
    (listed,) = until(lambda: system.client.get("/api/v1/exceptions", params={"code": "AMBIGUOUS"}).json()["exceptions"])
    assert [each["balance_ids"] for each in listed["candidates"]] == [["b-1"], ["b-2"]]

    assert act(system, "matches/confirm", credit_reference=ACCOUNT, source_id="d-1", balance_ids=["b-2"])["closed"] == ["d-1/AMBIGUOUS"]
    proposal = {"form": "write_off", "about": "b-1", "amount": "80.00", "reason": "small", "adjustment_id": "a-1"}
    assert act(system, "adjustments", credit_reference=ACCOUNT, **proposal)["outcome"] == "done"
    (waiting,) = until(lambda: system.client.get("/api/v1/adjustments").json()["adjustments"])
    assert (waiting["maker"], waiting["amount"], waiting["state"]) == ("anna", "80.00", "proposed")
    own = system.client.post("/api/v1/adjustments/a-1/approve", json={"actor": "anna"})
    assert (own.status_code, own.json()["errors"][0]["detail"]) == (409, "SAME_PERSON")
    assert act(system, "adjustments/a-1/approve", actor="bert")["outcome"] == "done"
    balance = until(lambda: (said := system.client.get(f"/api/v1/balances/{ACCOUNT}").json())["open_amount"] == "0.00" and said)
    assert (balance["suspense_amount"], balance["open_items"]) == ("0.00", [])
    (decided,) = until(lambda: system.client.get("/api/v1/adjustments", params={"state": "approved"}).json()["adjustments"])
    assert decided["checker"] == "bert"


def test_an_insurers_money_pays_the_bills_of_its_advice(system: System) -> None:
    account, today = "credit-insured", time.strftime("%Y-%m-%d")
    bills = [{"bill": "ins-1", "amount": "60.00"}, {"bill": "INS.2", "amount": "20.00"}]
    trace = {"reassociation_trace": "EFT4711", "payer_id": "1512345678"}
    advice = {"advice_id": "adv-1", "hospital_id": "hospital-1", "amount": "80.00", "payment_date": today, "bills": bills, **trace}
    tell(system, topics.SETTLEMENTS, "remittance.advised.v1", account, **advice)
    money = {"deposit_id": "ins-d", "hospital_id": "hospital-1", "amount": "80.00", "settlement_date": today}
    tell(system, topics.SETTLEMENTS, "deposit.received.v1", account, **money, reference="HCCLAIMPMT/TRN:1:EFT4711:1512345678")
    where = {"credit_reference": account, "code": "ADVICE_MISMATCH"}
    (listed,) = until(lambda: system.client.get("/api/v1/exceptions", params=where).json()["exceptions"])
    assert (listed["amount"], listed["detail"]) == ("80.00", "ins-1 is not open here; INS.2 is not open here")

    owed = {"balance_id": "ins-1", "patient_id": "p", "hospital_id": "hospital-1", "amount": "60.00", "due_date": "2026-12-01"}
    tell(system, topics.PAYMENTS, "balance.opened.v1", account, **owed)
    tell(system, topics.PAYMENTS, "balance.opened.v1", account, **{**owed, "balance_id": "ins-2", "amount": "25.00", "reference": "INS-2"})
    whole = until(lambda: (said := system.client.get(f"/api/v1/exceptions/{listed['exception_id']}").json())["state"] == "closed" and said)
    assert whole["history"][-1]["detail"] == "matched"
    balance = until(lambda: (said := system.client.get(f"/api/v1/balances/{account}").json())["open_amount"] == "5.00" and said)
    assert (balance["suspense_amount"], [each["balance_id"] for each in balance["open_items"]]) == ("0.00", ["ins-2"])


def test_the_command_line_shows_the_queue_and_acts(system: System) -> None:
    payment = ask(system, account="credit-cli", amount="13000.00", direction="disbursement").json()
    name = f"{payment['transaction_id']}/PAYMENT_HELD"
    until(lambda: system.client.get(f"/api/v1/exceptions/{name}").status_code == 200)
    assert [each["exception_id"] for each in command(system, "list", "--code", "PAYMENT_HELD")["exceptions"]] == [name]
    assert command(system, "assign", name, "cara", "--by", "anna")["outcome"] == "done"
    assert command(system, "review", name, "decline", "--by", "cara")["closed"] == [name]


def test_the_command_line_acts_on_many_and_takes_two_for_the_books(system: System) -> None:
    account = "credit-cli-2"
    asked = [ask(system, account=account, amount="13000.00", direction="disbursement").json() for _ in range(2)]
    for payment in asked:
        name = f"{payment['transaction_id']}/PAYMENT_HELD"
        until(lambda name=name: system.client.get(f"/api/v1/exceptions/{name}").status_code == 200)  # type: ignore[misc]
    many = ("bulk", "assign", "--account", account, "--owner", "cara", "--by", "anna")
    preview = command(system, *many)
    assert (preview["preview"], preview["count"]) == (True, 2)
    assert [each["outcome"] for each in command(system, *many, "--token", preview["token"])["exceptions"]] == ["done"] * 2

    money = {"deposit_id": "cli-d", "hospital_id": "hospital-1", "amount": "80.00", "settlement_date": time.strftime("%Y-%m-%d")}
    tell(system, topics.SETTLEMENTS, "deposit.received.v1", account, **money)
    owed = {"balance_id": "cli-b", "patient_id": "p", "hospital_id": "hospital-1", "amount": "90.00", "due_date": "2026-12-01"}
    tell(system, topics.PAYMENTS, "balance.opened.v1", account, **owed)
    until(lambda: len(system.client.get(f"/api/v1/balances/{account}").json().get("open_items", ())) == 1)
    assert command(system, "confirm-match", account, "cli-d", "cli-b", "--by", "anna")["outcome"] == "done"
    assert command(system, "revoke-match", account, "cli-d", "--reason", "another bill", "--by", "anna")["opened"] == [
        "cli-d/MATCH_REVOKED"
    ]
    form = ("adjust", account, "refund", "cli-d", "80.00", "--reason", "sent back by check", "--id", "cli-a", "--by", "anna")
    assert command(system, *form)["outcome"] == "done"
    until(lambda: command(system, "adjustments", "--account", account)["adjustments"])
    assert command(system, "approve-adjustment", "cli-a", "--by", "bert")["closed"] == ["cli-d/MATCH_REVOKED"]


def test_a_rule_sleeps_for_an_account_and_the_list_says_who_did_it(system: System) -> None:
    account, wakes = "credit-sleepy", time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() + 30 * 86_400))
    asleep = ("rule", account, "large-payment", "--until", wakes, "--reason", "settlement of an estate", "--by", "anna")
    assert command(system, *asleep, group="snooze")["outcome"] == "done"
    (listed,) = until(lambda: command(system, "list", "--account", account, group="snooze")["snoozes"])
    assert (listed["rule"], listed["until"], listed["snoozed_by"]) == ("large-payment", wakes, "anna")
    assert listed["reason"] == "settlement of an estate"
    assert command(system, "wake", account, "large-payment", "--by", "bert", group="snooze")["outcome"] == "done"
    until(lambda: command(system, "list", "--account", account, group="snooze")["snoozes"] == [])
    (woken,) = command(system, "list", "--account", account, "--state", "all", group="snooze")["snoozes"]
    assert (woken["until"], woken["snoozed_by"]) == (None, "bert")


def command(system: System, *words: str, group: str = "exceptions") -> dict[str, Any]:
    environment = {f"HMS_{key.upper()}": str(getattr(system.settings, key)) for key in system.settings.model_fields_set}
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", group, *words, "--json"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said
