"""Every answer that is not a success is a problem, says where, and never repeats what was sent."""

import pytest
from fastapi.testclient import TestClient

from api.problems import findings
from tests.api.ledger_fake import World
from tests.api.test_initiate import BODY, URL, ask

CASES = """
what is sent                                                  | status | code                     | pointer or parameter
amount "0.00"                                                 | 422    | invalid-request          | #/amount
amount "-0.00"                                                | 422    | invalid-request          | #/amount
amount "1000"                                                 | 422    | invalid-request          | #/amount
amount "1000.0"                                               | 422    | invalid-request          | #/amount
amount "0.001"                                                | 422    | invalid-request          | #/amount
amount "1e3"                                                  | 422    | invalid-request          | #/amount
amount "12,34"                                                | 422    | invalid-request          | #/amount
amount "NaN"                                                  | 422    | invalid-request          | #/amount
amount "Infinity"                                             | 422    | invalid-request          | #/amount
amount "99999999999999999999.00"                              | 422    | invalid-request          | #/amount
amount "١.٠٠"                                                 | 422    | invalid-request          | #/amount
amount 1000.00                                                | 422    | invalid-request          | #/amount
amount 1e400                                                  | 422    | invalid-request          | #/amount
amount null                                                   | 422    | invalid-request          | #/amount
amount NaN                                                    | 400    | malformed-json           |
amount 12345678901234567890                                   | 400    | malformed-json           |
currency "EUR"                                                | 422    | invalid-request          | #/currency
currency "XXX"                                                | 422    | invalid-request          | #/currency
status "approved"                                             | 422    | invalid-request          | #/status
role "admin"                                                  | 422    | invalid-request          | #/role
direction "refund"                                            | 422    | invalid-request          | #/direction
patient_id ""                                                 | 422    | invalid-request          | #/patient_id
patient_id "John Smith"                                       | 422    | invalid-request          | #/patient_id
patient_id "p\\n"                                              | 422    | invalid-request          | #/patient_id
patient_id "\\ud800"                                           | 422    | invalid-request          | #/patient_id
patient_id "a\\u0000b"                                         | 422    | invalid-request          | #/patient_id
instrument "021000021 1234567"                                | 422    | invalid-request          | #/instrument
patient_id "x", "patient_id": "y"                             | 400    | malformed-json           |
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_bad_values_are_refused_with_their_place(client: TestClient, world: World, case: str) -> None:
    sent, status, code, place = (cell.strip() for cell in case.split("|"))
    name, _, value = sent.partition(" ")
    rest = ", ".join(f'"{key}": "{text}"' for key, text in BODY.items() if key != name)
    body = f'{{{rest}, "{name}": {value}}}'
    answer = client.post(URL, content=body.encode(), headers={"Idempotency-Key": "k", "Content-Type": "application/json"})
    said = answer.json()
    assert (answer.status_code, said["type"]) == (int(status), f"urn:hms-ach:problem:{code}"), said
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [finding["pointer"] for finding in said.get("errors", [])] == ([place] if place else [])
    assert "Smith" not in answer.text
    assert "021000021" not in answer.text
    assert not world.ledger.published


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "see errors"),
        (b"{", "Not JSON"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        (b"\xef\xbb\xbf{}", "Not JSON"),
        (b"[" * 10_000 + b"]" * 10_000, "levels deep"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "levels deep"),
        (b"[]", "see errors"),
        (b"nul", "Not JSON"),
    ],
)
def test_bodies_that_are_no_acceptable_json(client: TestClient, body: bytes, detail: str) -> None:
    answer = client.post(URL, content=body, headers={"Idempotency-Key": "k", "Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert detail in answer.json()["detail"]


def test_brackets_in_strings_are_not_depth(client: TestClient) -> None:
    answer = ask(client, reference="x" * 100, instrument="[" * 50)
    assert [finding["pointer"] for finding in answer.json()["errors"]] == ["#/instrument"]


@pytest.mark.parametrize("length", [True, False])
def test_a_body_that_is_too_large(client: TestClient, length: bool) -> None:
    body = b'{"patient_id":"' + b"x" * 70_000 + b'"}'
    content = body if length else iter([body[:40_000], body[40_000:]])
    answer = client.post(URL, content=content, headers={"Idempotency-Key": "k", "Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:hms-ach:problem:content-too-large")


def test_a_million_keys_do_not_fit(client: TestClient) -> None:
    body = ("{" + ",".join(f'"k{n}":1' for n in range(5000)) + "}").encode()
    answer = client.post(URL, content=body, headers={"Idempotency-Key": "k", "Content-Type": "application/json"})
    assert answer.status_code == 422


KEYS = """
header values                | status | code
                             | 400    | idempotency-key-missing
""                           | 400    | idempotency-key-invalid
"ключ"                       | 400    | idempotency-key-invalid
"tab	here"                | 400    | idempotency-key-invalid
"a", "b"                     | 400    | idempotency-key-invalid
"8e03978e-40d5-43e8-bc93"    | 201    |
"with space"                 | 201    |
"""


@pytest.mark.parametrize("case", KEYS.strip().splitlines()[1:])
def test_idempotency_keys(client: TestClient, case: str) -> None:
    values, status, code = (cell.strip() for cell in case.split("|"))
    sent = [(b"Idempotency-Key", value.strip()[1:-1].encode()) for value in values.split(", ") if value]
    answer = client.post(URL, json=BODY, headers=sent)
    assert answer.status_code == int(status)
    if code:
        assert answer.json()["type"] == f"urn:hms-ach:problem:{code}"


def test_keys_have_at_most_255_characters(client: TestClient) -> None:
    assert ask(client, key="k" * 255).status_code == 201
    assert ask(client, key="k" * 256).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not-found"),
        ("GET", "/api/v1/payments/unknown/status", 404, "not-found"),
        ("GET", "/api/v1/payments/unknown/trace", 404, "not-found"),
        ("GET", "/api/v1/balances/unknown", 404, "not-found"),
        ("DELETE", "/api/v1/payments/initiate", 405, "method-not-allowed"),
        ("GET", "/api/v1/payments/initiate", 405, "method-not-allowed"),
        ("GET", "/api/v1/ledger", 422, "invalid-request"),
        ("GET", "/api/v1/exceptions?limit=0", 422, "invalid-request"),
        ("GET", "/api/v1/exceptions?cursor=AAAA", 400, "bad-cursor"),
        ("GET", "/api/v1/balances/c?as_of=2026-03-02T00:00:00", 422, "invalid-request"),
        ("GET", "/api/v1/balances/c?as_of=2999-03-02T00:00:00Z", 422, "invalid-request"),
    ],
)
def test_the_rest_of_http(client: TestClient, method: str, path: str, status: int, code: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:hms-ach:problem:{code}")
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_only_json_is_taken(client: TestClient) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "", "application/json-patch+json"):
        answer = client.post(URL, content=b"{}", headers={"Idempotency-Key": "k", "Content-Type": kind})
        assert (answer.status_code, answer.json()["type"]) == (415, "urn:hms-ach:problem:unsupported-media-type"), kind


def test_a_fault_of_ours_tells_nothing_of_itself(client: TestClient, world: World) -> None:
    world.store.fails = lambda: RuntimeError("secret of the house")
    answer = client.get("/api/v1/payments/unknown/status")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:hms-ach:problem:internal-error")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_findings_escape_their_pointers() -> None:
    [found] = findings([{"loc": ("body", "a/b~c"), "msg": "Extra inputs are not permitted"}])
    assert (found.pointer, found.detail) == ("#/a~1b~0c", "extra inputs are not permitted")
