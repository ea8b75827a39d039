"""Hostile requests by their row in the list of faults, sent by a client that is who it says: refused with a reason, never a fault of ours,
and never an event.

Rows elsewhere: 34 tests/api/auth/test_token.py; 35, 36, 37, 61 test_tls.py; 38, 39 test_matrix.py; 60 test_rate.py, test_patience.py;
2, 6, 33 tests/live/test_api.py; 43, 44 test_formats.py and test_export.py; 46-48 the webhooks' tests; 49, 50 the rules' tests; 52-56
the tests of personal data.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.auth.world import Secured
from tests.api.test_initiate import BODY, URL

BODIES = r"""
    row  what                      member            value                             status
    22   one key twice             raw               {"amount":"1.00","amount":"2.00"}  400
    22   ten thousand levels       deep              10000                             400
    22   eleven megabytes          long              11000000                          413
    22   a million keys            keys              1000000                           413
    21   UTF-16                    utf-16            -                                 400
    21   a byte order mark         utf-8-sig         -                                 400
    21   half a surrogate          raw               {"patient_id":"\ud800"}           422
    21   NUL in a name             patient_id        "p\u0000x"                        422
    23   nothing                   amount            "0.00"                            422
    23   minus nothing             amount            "-0.00"                           422
    23   no number                 amount            "NaN"                             422
    23   endless                   amount            "Infinity"                        422
    23   an exponent               amount            "1e400"                           422
    23   a tenth of a cent         amount            "0.001"                           422
    23   a comma                   amount            "12,34"                           422
    23   beyond 64 bits            amount            "92233720368547758.08"            422
    23   a float                   amount            10.5                              422
    23   a bare NaN                raw               {"amount":NaN}                    400
    23   a number of 400 digits    digits            400                               400
    24   euros                     currency          "EUR"                             422
    24   no currency               currency          "XXQ"                             422
    26   no account                credit_reference  ""                                422
    26   an account of spaces      credit_reference  "\u0020"                          422
    31   another status            status            "approved"                        422
    40   a status of one's own     status            "settled"                         422
    40   a role                    role              "admin"                           422
    40   a prototype               __proto__         {"role":"admin"}                  422
    42   SQL in a name             hospital_id       "x'; DROP TABLE payment_events"   422
    42   a parameter in a name     hospital_id       "{x:Identifier}"                  422
    45   a script in a reference   reference         "<script>alert(1)</script>"       422
"""
QUERIES = """
    row  what                     path                                                                     status
    41   backwards                /api/v1/ledger?from=2026-03-02&to=2026-03-01&basis=business_date          422
    41   no offset                /api/v1/ledger?from=2026-03-01T00:00:00&to=2026-03-02T00:00:00            422
    41   an hour that never was   /api/v1/ledger?from=2027-03-14T02:30:00&to=2027-03-15T00:00:00            422
    41   a hundred years          /api/v1/ledger?from=1950-01-01&to=2050-01-01&basis=business_date          422
    41   a cursor made up         /api/v1/ledger?from=2026-03-01&to=2026-03-02&basis=business_date&cursor=AAAA  400
    41   a cursor of a list       /api/v1/exceptions?cursor=AAAA                                            400
    41   a filter misspelt        /api/v1/exceptions?hospital=H01                                          422
    41   no such day              /api/v1/kpis?from=2026-02-30                                              422
    42   a word with a quote      /api/v1/kpis/volume?status=';DROP                                         422
    42   a path in a name         /api/v1/kpis/..%2f..%2fetc                                                404
    42   a long name              /api/v1/kpis/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA  422
    42   bound, not written       /api/v1/exceptions?code=';DROP%20TABLE%20x                                200
    42   bound as well            /api/v1/alerts?hospital_id={x:Identifier}                                 200
    45   a script as an id        /api/v1/payments/%3Cscript%3Ealert(1)%3C%2Fscript%3E/status               404
    38   a file above the page    /web/..%2f..%2fapi%2fserve.py                                             404
    38   NUL in a path            /api/v1/payments/a%00b/status                                             404
"""
KEYS = [
    ("missing", None, 400),
    ("256 characters", "k" * 256, 400),
    ("a line break", "a\r\nX-Injected: 1", 400),
    ("not ASCII", "\u00e9", 400),
    ("only spaces", "   ", 400),
]


def rows(table: str, columns: int) -> list[list[str]]:
    return [re.split(r"\s{2,}", line.strip(), maxsplit=columns - 1) for line in table.strip().splitlines()[1:]]


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    world = Secured(tmp_path_factory.mktemp("hostile"))
    world.add("all", "machine")
    yield world
    world.identity.close()


@pytest.fixture(scope="module")
def client(secured: Secured) -> TestClient:
    return secured.client("all")


def content(member: str, value: str) -> bytes:
    """The body of one line of the table."""
    whole = json.dumps(BODY)
    match member:
        case "raw":
            return value.encode()
        case "deep":
            return b'{"patient_id":' + b"[" * int(value) + b"]" * int(value) + b"}"
        case "long":
            return json.dumps({**BODY, "reference": "x" * int(value)}).encode()
        case "keys":
            return json.dumps({str(number): 0 for number in range(int(value))}).encode()
        case "digits":
            return b'{"amount":' + b"9" * int(value) + b"}"
        case "utf-16" | "utf-8-sig":
            return whole.encode(member)
        case _:
            return json.dumps({**BODY, member: json.loads(value)}).encode()


@pytest.mark.parametrize("line", rows(BODIES, 5), ids=lambda line: f"{line[0]}-{line[1]}")
def test_bodies(secured: Secured, client: TestClient, line: list[str]) -> None:
    _, _, member, value, status = line
    before = len(secured.world.ledger.published)
    headers = {"Idempotency-Key": "hostile", "Content-Type": "application/json"}
    answer = client.post(URL, content=content(member, value), headers=headers)
    assert answer.status_code == int(status), answer.text
    told_in_shape(answer)
    assert len(secured.world.ledger.published) == before
    assert "alert(1)" not in answer.text
    assert "DROP" not in answer.text


@pytest.mark.parametrize("line", rows(QUERIES, 4), ids=lambda line: f"{line[0]}-{line[1]}")
def test_queries(client: TestClient, line: list[str]) -> None:
    _, _, path, status = line
    answer = client.get(path)
    assert answer.status_code == int(status), answer.text
    assert "alert(1)" not in answer.text
    if answer.status_code >= 400:
        told_in_shape(answer)


@pytest.mark.parametrize(("name", "key", "status"), KEYS, ids=[f"31-{key[0]}" for key in KEYS])
def test_keys(client: TestClient, name: str, key: str | None, status: int) -> None:
    headers = [] if key is None else [(b"Idempotency-Key", key.encode())]
    answer = client.post(URL, json=BODY, headers=headers)
    assert answer.status_code == status, name
    assert "X-Injected" not in answer.headers


def test_row_32_a_reference_is_taken_for_ever_and_leads_to_its_payment(client: TestClient) -> None:
    body = {**BODY, "credit_reference": "row-32", "client_reference": "order-32"}
    first = client.post(URL, json=body, headers={"Idempotency-Key": "row-32"})
    again = client.post(URL, json=body, headers={"Idempotency-Key": "row-32-later"})
    assert (first.status_code, again.status_code) == (201, 409)
    assert again.json()["link"] == first.json()["links"]["self"]


def test_row_34_what_is_refused_is_written_in_constant_lines(secured: Secured) -> None:
    stranger = secured.connection()
    for token in ("x", "x" * 1000, "x" * 100_000):
        assert stranger.get("/api/v1/kpis", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert max(len(line) for line in secured.trail()[-3:]) < 200


def test_row_61_settings_that_are_wrong_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from journal.settings import Settings

    monkeypatch.setenv("HMS_AUHT", "off")
    with pytest.raises(ValueError, match="HMS_AUHT"):
        Settings()


def told_in_shape(answer: Any) -> None:
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].startswith("urn:hms-ach:problem:")
    assert "Traceback" not in answer.text
