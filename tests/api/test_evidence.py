"""A bundle stands on its own: whoever changes anything in it is found out, and who has it needs no server."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from ach.rail import AchRail
from api.evidence import faults, signing_key
from cli.main import app
from journal.evidence import Bundle, read, signed
from ledger.record import digest
from tests.api.ledger_fake import EVIDENCE_KEY, World

PUBLIC = EVIDENCE_KEY.public_key().public_bytes_raw()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def taken(world: World) -> bytes:
    """The bundle of the second of three payments of an account."""
    client, paid = TestClient(world.app), []
    for number in range(3):
        body = {"patient_id": "P1", "hospital_id": "H1", "amount": f"{100 + number}.00", "credit_reference": "credit-1"}
        paid.append(client.post("/api/v1/payments/initiate", json=body, headers={"Idempotency-Key": f"k{number}"}).json())
    world.store.hashes = [digest(record) for record in world.ledger.records]
    answer = client.get(f"/api/v1/payments/{paid[1]['transaction_id']}/evidence")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="evidence-{paid[1]["transaction_id"]}.json"'
    return answer.content


def found(data: bytes, known: bytes = PUBLIC) -> list[str]:
    """The checks that fail, each once."""
    bundle = read(data)
    assert isinstance(bundle, Bundle), bundle
    return sorted({fault.check for fault in faults(bundle, known, AchRail().business_date)})


def test_a_bundle_holds_and_tells_what_the_trace_tells(world: World, taken: bytes) -> None:
    assert found(taken) == []
    payload = json.loads(taken)["payload"]
    told = TestClient(world.app).get(f"/api/v1/payments/{payload['transaction_id']}/trace").json()
    assert payload["trace"] == told
    assert payload["trace"]["status"] == "approved"
    assert len(payload["records"]) == 1
    assert len(payload["chains"][0]["hashes"]) == 2, "the record before is stated, so that the link to it can be checked"


def _amount(payload: dict[str, Any]) -> None:
    payload["trace"]["steps"][0]["postings"][0]["amount"] = "1.00"


def _bytes(payload: dict[str, Any]) -> None:
    record = payload["records"][0]
    record["value"] = base64.b64encode(base64.b64decode(record["value"]).replace(b"10100", b"99900")).decode()


def _bytes_and_hash(payload: dict[str, Any]) -> None:
    _bytes(payload)
    payload["records"][0]["hash"] = digest(base64.b64decode(payload["records"][0]["value"]))


def _other_record_before(payload: dict[str, Any]) -> None:
    payload["chains"][0]["hashes"][0] = "f" * 64


def _other_place(payload: dict[str, Any]) -> None:
    payload["records"][0]["sequence"] += 1


def _no_chain(payload: dict[str, Any]) -> None:
    payload["chains"] = []


def _no_records(payload: dict[str, Any]) -> None:
    payload["records"] = []


def _made_for(payload: dict[str, Any]) -> None:
    payload["made_for"] = "somebody else"


CHANGES: dict[Callable[[dict[str, Any]], None], list[str]] = {
    _amount: ["trace"],
    _bytes: ["hash"],
    _bytes_and_hash: ["chain", "trace"],
    _other_record_before: ["chain"],
    _other_place: ["record"],
    _no_chain: ["chain"],
    _no_records: ["records", "trace"],
    _made_for: [],
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_breaks_the_signature(taken: bytes, change: Callable[[dict[str, Any]], None]) -> None:
    file = json.loads(taken)
    change(file["payload"])
    assert found(json.dumps(file).encode()) == sorted({*CHANGES[change], "signature"})


@pytest.mark.parametrize("change", CHANGES)
def test_who_signs_it_again_is_not_the_signer_and_the_records_still_tell(taken: bytes, change: Callable[[dict[str, Any]], None]) -> None:
    file = json.loads(taken)
    change(file["payload"])
    changed = read(json.dumps(file).encode())
    assert isinstance(changed, Bundle)
    again = signed(changed.payload, Ed25519PrivateKey.generate())
    assert found(again) == sorted({*CHANGES[change], "signer"})


def test_the_order_of_keys_and_white_space_change_nothing(taken: bytes) -> None:
    assert found(json.dumps(dict(reversed(json.loads(taken).items())), indent=2).encode()) == []


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"\xff", b'{"payload":{}}', b"[" * 100_000, b'{"payload": null, "key": "", "signature": ""}']
)
def test_what_is_no_bundle_is_said_to_be_none(data: bytes) -> None:
    assert isinstance(read(data), str)


def test_an_unknown_payment_and_records_that_kafka_no_longer_has(world: World, taken: bytes) -> None:
    client = TestClient(world.app)
    assert client.get("/api/v1/payments/nobody/evidence").status_code == 404
    transaction = json.loads(taken)["payload"]["transaction_id"]
    world.ledger.records[1] = b"changed"
    answer = client.get(f"/api/v1/payments/{transaction}/evidence")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:hms-ach:problem:change-refused")
    assert "hms-ach verify" in answer.json()["detail"]


def test_tables_that_are_behind_are_waited_for(world: World, taken: bytes) -> None:
    world.store.hashes = world.store.hashes[:1]
    answer = TestClient(world.app).get(f"/api/v1/payments/{json.loads(taken)['payload']['transaction_id']}/evidence")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_the_command_checks_a_file_without_any_server(taken: bytes, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HMS_DATA_DIR", str(tmp_path / "data"))
    file, key = tmp_path / "bundle.json", tmp_path / "key.txt"
    file.write_bytes(taken)
    key.write_text(base64.b64encode(PUBLIC).decode() + "\n")
    run = CliRunner().invoke
    good = run(app, ["verify", "--bundle", str(file), "--key", str(key)])
    assert (good.exit_code, good.output.splitlines()[-1]) == (0, "Everything holds.")
    file.write_bytes(taken.replace(b'"approved"', b'"declined"'))
    bad = run(app, ["verify", "--bundle", str(file), "--key", str(key), "--json"])
    assert bad.exit_code == 1
    assert {each["check"] for each in json.loads(bad.output)["findings"]} == {"signature", "trace"}
    assert "no public key" in str(run(app, ["verify", "--bundle", str(file)]).exception)


def test_the_key_is_made_once_and_its_owner_alone_reads_it(tmp_path: Any) -> None:
    first, second = signing_key(tmp_path), signing_key(tmp_path)
    assert first.private_bytes_raw() == second.private_bytes_raw()
    assert (tmp_path / "evidence.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "evidence.pub").read_bytes() == first.public_key().public_bytes_raw()
