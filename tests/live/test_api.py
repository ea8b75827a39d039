"""The API on the real pipeline: broker, worker, ClickHouse, each started, killed and asked as a process."""

import asyncio
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from confluent_kafka import Consumer, TopicPartition

from cli.client import access_token, tls
from cli.errors import UserError
from cli.export import save
from journal import topics
from ledger.ids import transaction_id
from tests.api.system import API, WORKER, System, running
from tests.live.caller import URL, ask, eventually, tell, warm_up

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("api"), auth="on", decision_wait_ms=4_000) as system:
        warm_up(system)
        yield system


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def test_an_urgent_preapproval_is_decided_and_can_be_read_at_once(system: System) -> None:
    answer = ask(system)
    said = answer.json()
    assert (answer.status_code, said["status"], said["policy"]) == (201, "approved", "default@1")
    status = system.client.get(said["links"]["self"])
    assert (status.status_code, status.json()["status"]) == (200, "approved")
    trace = system.client.get(said["links"]["trace"]).json()
    [step] = trace["steps"]
    assert [each["debit"] for each in step["postings"]] == ["holds"]
    assert "billing" in [each["kind"] for each in step["deliveries"]]
    record = journal_record(system, trace["proof"][0]["partition"], trace["proof"][0]["offset"])
    assert hashlib.sha256(record).hexdigest() == trace["proof"][0]["hash"]


def journal_record(system: System, partition: int, offset: int) -> bytes:
    consumer = Consumer({"bootstrap.servers": system.broker.bootstrap, "group.id": "proof"})
    consumer.assign([TopicPartition(topics.JOURNAL, partition, offset)])
    try:
        message = consumer.poll(20)
        assert message is not None
        value = message.value()
        assert isinstance(value, bytes)
        return value
    finally:
        consumer.close()


def test_fifty_at_once_are_one_payment(system: System) -> None:
    key, account = str(uuid4()), f"credit-{uuid4()}"
    body = {"patient_id": "p", "hospital_id": "h", "amount": "10.00", "credit_reference": account, "direction": "preapproval"}

    async def flood() -> list[httpx2.Response]:
        async with system.many() as client:
            return await asyncio.gather(*(client.post(URL, json=body, headers={"Idempotency-Key": key}) for _ in range(50)))

    answers = asyncio.run(flood())
    assert Counter(answer.status_code for answer in answers) == {201: 50}
    assert Counter(answer.headers.get("Idempotency-Replayed", "first") for answer in answers) == {"first": 1, "true": 49}
    assert len({answer.text for answer in answers}) == 1
    history = eventually(system, answers[0].json()["links"]["self"])["history"]
    assert [item["status"] for item in history] == ["received", "approved"]


def test_one_key_one_request_one_reference_one_payment(system: System) -> None:
    key, account = str(uuid4()), f"credit-{uuid4()}"
    first = ask(system, key, account, client_reference="order-1")
    assert ask(system, key, account, client_reference="order-1").json() == first.json()
    assert ask(system, key, account, client_reference="order-1", amount="1.00").status_code == 422
    assert ask(system, key, "another-account").status_code == 422
    taken = ask(system, str(uuid4()), account, client_reference="order-1")
    assert (taken.status_code, taken.json()["link"]) == (409, first.json()["links"]["self"])


def settle(system: System, account: str, payment: str, amount: str) -> None:
    tell(system, topics.SETTLEMENTS, "payment.submitted.v1", account, transaction_id=payment, trace_number="091000010000001")
    tell(system, topics.SETTLEMENTS, "payment.settled.v1", account, transaction_id=payment, amount=amount, settlement_date=today())


def test_a_repayment_from_the_request_to_the_export(system: System) -> None:
    account, balance = f"credit-{uuid4()}", f"b-{uuid4()}"
    owed = {"balance_id": balance, "patient_id": "patient-1", "hospital_id": "hospital-1", "amount": "80.00", "due_date": today()}
    tell(system, topics.PAYMENTS, "balance.opened.v1", account, **owed)
    tell(system, topics.PAYMENTS, "mandate.granted.v1", account, mandate_id="m-1", patient_id="p")
    assert eventually(system, f"/api/v1/balances/{account}", open_amount="80.00")["next_due"]["balance_ids"] == [balance]
    said = ask(system, account=account, direction="repayment", amount="50.00", balance_id=balance).json()
    assert said["status"] == "approved", said
    settle(system, account, said["transaction_id"], "50.00")
    now = eventually(system, said["links"]["self"], status="settled", status_code="S")
    assert now["settlement_date"] == today()
    assert eventually(system, f"/api/v1/balances/{account}", open_amount="30.00")["suspense_amount"] == "0.00"
    before = now["history"][0]["posted_at"]
    assert system.client.get(f"/api/v1/balances/{account}", params={"as_of": before}).json()["open_amount"] == "80.00"
    lines = exported(system, account, 2)
    assert sorted(f"{line['debit_account']}>{line['credit_account']} {line['amount']}" for line in lines) == [
        "cash>patient_receivable 50.00",
        "patient_receivable>hospital_payable 80.00",
    ]


def exported(system: System, account: str, lines: int) -> list[dict[str, Any]]:
    """The account's postings once ClickHouse has so many."""
    span = {"from": days_from_now(-10), "to": days_from_now(10), "basis": "business_date", "credit_reference": account}
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page = system.client.get("/api/v1/ledger", params=span).json()
        if page["totals"]["count"] >= lines:
            assert page["complete"]
            found: list[dict[str, Any]] = page["lines"]
            return found
        time.sleep(0.2)
    raise AssertionError("ClickHouse has not got the postings")


def days_from_now(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_exports_of_all_formats_hold_the_same_and_the_command_line_checks_them(system: System, tmp_path: Path) -> None:
    account = f"credit-{uuid4()}"
    ask(system, account=account)
    lines = exported(system, account, 1)
    span = {"from": days_from_now(-10), "to": days_from_now(10), "basis": "business_date", "credit_reference": account}
    for form in ("csv", "ndjson"):
        done = save(system.settings, {**span, "format": form}, tmp_path / f"export.{form}")
        assert (done.postings, done.total) == (1, "1000.00")
        assert lines[0]["posting_id"] in (tmp_path / f"export.{form}").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.csv", "export.ndjson"]
    with pytest.raises(UserError, match="after to"):
        save(system.settings, {**span, "from": days_from_now(20), "format": "csv"}, tmp_path / "bad.csv")
    assert not (tmp_path / "bad.csv").exists()


def test_a_caller_that_hangs_up_has_asked_all_the_same(system: System) -> None:
    key, account = str(uuid4()), f"credit-{uuid4()}"
    body = json.dumps(pre(account)).encode()
    who = f"Authorization: Bearer {access_token(system.settings)}"
    with (
        socket.create_connection(("127.0.0.1", system.settings.api_port)) as plain,
        tls(system.settings).wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        head = f"POST {URL} HTTP/1.1\r\nHost: localhost\r\n{who}\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    history = eventually(system, f"/api/v1/payments/{transaction_id('local', key)}/status", status="approved")["history"]
    assert [item["status"] for item in history] == ["received", "approved"]
    again = system.client.post(URL, json=pre(account), headers={"Idempotency-Key": key})
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")


def test_a_second_process_is_told_who_has_the_data(system: System) -> None:
    given = {**os.environ, "HMS_DATA_DIR": str(system.folder), "HMS_API_PORT": "0", "HMS_KAFKA_BOOTSTRAP": system.broker.bootstrap}
    given["HMS_PARTITIONS"] = str(system.settings.partitions)
    second = subprocess.run([sys.executable, "-m", "api.serve"], env=given, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 1
    assert "one process at a time" in second.stderr
    assert "Traceback" not in second.stderr
    taken = {**given, "HMS_API_PORT": str(system.settings.api_port)}
    third = subprocess.run([sys.executable, "-m", "api.serve"], env=taken, capture_output=True, text=True, timeout=60, check=False)
    assert third.returncode == 1
    assert "HMS_API_PORT" in third.stderr


def test_a_killed_api_gives_the_same_answer_to_the_same_request(system: System) -> None:
    """Killed with requests under way; whoever repeats a request gets the one payment, whether or not the first answer got out."""
    keys = [(str(uuid4()), f"credit-{uuid4()}") for _ in range(20)]

    async def flood() -> list[httpx2.Response | BaseException]:
        async with system.many() as client:
            asked = [asyncio.create_task(client.post(URL, json=pre(account), headers={"Idempotency-Key": key})) for key, account in keys]
            await asyncio.sleep(0.05)
            system.stop(API, signal.SIGKILL)
            return await asyncio.gather(*asked, return_exceptions=True)

    first = asyncio.run(flood())
    system.start(API)
    system.wait_ready()
    for (key, account), before in zip(keys, first, strict=True):
        answer = decided(system, key, account)
        if isinstance(before, httpx2.Response):
            assert answer.json() == before.json()
        history = eventually(system, answer.json()["links"]["self"], status="approved")["history"]
        assert [item["status"] for item in history] == ["received", "approved"]
    # the new process remembers nothing of these keys, the ledger does
    assert system.client.post(URL, json=pre("yet-another"), headers={"Idempotency-Key": keys[0][0]}).status_code == 422


def decided(system: System, key: str, account: str) -> httpx2.Response:
    """The answer once it is 201: the system may still be finding its feet."""
    deadline = time.monotonic() + 60
    while True:
        answer = system.client.post(URL, json=pre(account), headers={"Idempotency-Key": key})
        if answer.status_code == 201 or time.monotonic() > deadline:
            assert answer.status_code == 201, answer.text
            return answer
        assert answer.status_code in {202, 503}, answer.text


def pre(account: str) -> dict[str, str]:
    return {"patient_id": "p", "hospital_id": "h", "amount": "10.00", "credit_reference": account, "direction": "preapproval"}


def test_while_kafka_is_away_nobody_is_told_of_success(system: System) -> None:
    key, account = str(uuid4()), f"credit-{uuid4()}"
    system.broker.kill()
    began = time.monotonic()
    answer = ask(system, key, account)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:hms-ach:problem:broker-unavailable")
    assert time.monotonic() - began < 10
    assert system.client.get("/livez").status_code == 200
    wait_for_status(system, "/readyz", 503)
    system.broker.start()
    wait_for_status(system, "/readyz", 200)
    deadline = time.monotonic() + 60
    while (answer := ask(system, key, account)).status_code != 201 and time.monotonic() < deadline:
        system.revive(WORKER)
        time.sleep(0.2)
    assert answer.status_code == 201, answer.text
    history = eventually(system, answer.json()["links"]["self"], status="approved")["history"]
    assert [item["status"] for item in history] == ["received", "approved"]


def wait_for_status(system: System, path: str, status: int) -> None:
    deadline = time.monotonic() + 60
    while system.client.get(path).status_code != status:
        assert time.monotonic() < deadline, f"{path} never said {status}"
        time.sleep(0.2)


def test_it_stops_in_order_within_ten_seconds(system: System) -> None:
    began = time.monotonic()
    assert system.stop(API, within_s=10) == 0
    assert time.monotonic() - began < 10
    system.start(API)
    system.wait_ready()
    warm_up(system)
