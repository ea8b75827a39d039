"""The contracts: committed documents say what the code does, and every event that was ever valid stays valid."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient

from api.contract import FOLDER, documents, text
from api.schemas import KEPT, RECEIVED, SENT, event_schemas, type_of
from journal import topics
from ledger.events import AccountEvent, ClockEvent
from ledger.wire import Unreadable, decode_account, decode_clock
from sinks.ach import filecut
from sinks.outbox import events as deliveries
from tests.api.published import EFFECTS, MOVED, published

GOLDEN = Path(__file__).parent / "golden"
INPUT_TYPES = [type_of(event) for group in RECEIVED.values() for event in group]
PUBLIC_TYPES = [type_of(event) for group in SENT.values() for event in group]
KEPT_TYPES = sorted({type_of(event) for group in KEPT.values() for event in group})
SCHEMAS = event_schemas()

OAUTHS_OWN = {("/oauth/token", "400"), ("/oauth/token", "401")}
"""RFC 6749 section 5.2 says what these look like."""


def golden(kind: str) -> Iterator[Path]:
    yield from sorted(GOLDEN.glob(f"{kind}*.json"))


def validate(value: Any, kind: str) -> None:
    jsonschema.Draft202012Validator(SCHEMAS[kind], format_checker=jsonschema.FormatChecker()).validate(value)


def test_committed_documents_are_up_to_date() -> None:
    stale = [name for name, document in documents().items() if (FOLDER / name).read_text(encoding="utf-8") != text(document)]
    assert not stale, f"run `python -m api.contract`: {stale}"
    on_disk = {f"schemas/{path.name}" for path in (FOLDER / "schemas").iterdir()}
    assert on_disk == {name for name in documents() if name.startswith("schemas/")}


@pytest.mark.parametrize("kind", INPUT_TYPES)
def test_golden_inputs_are_still_read(kind: str) -> None:
    decode = decode_clock if kind in {type_of(event) for event in RECEIVED[topics.CLOCK]} else decode_account
    files = list(golden(kind))
    assert {path.name for path in files} >= {f"{kind}.json", f"{kind}.minimal.json"}
    for path in files:
        event: AccountEvent | ClockEvent | Unreadable = decode(path.read_bytes())
        assert not isinstance(event, Unreadable), f"{path.name}: {event}"
        validate(json.loads(path.read_bytes()), kind)


@pytest.mark.parametrize("kind", KEPT_TYPES)
def test_golden_events_of_the_sinks_are_still_read(kind: str) -> None:
    (path,) = golden(kind)
    log = deliveries if kind.startswith("delivery.") else filecut
    event = log.decode(path.read_bytes())
    assert type_of(type(event)) == kind
    validate(json.loads(log.encode(event)), kind)


@pytest.mark.parametrize("kind", PUBLIC_TYPES)
def test_golden_outputs_are_still_valid(kind: str) -> None:
    assert (GOLDEN / f"{kind}.json").is_file()
    for path in golden(kind):
        validate(json.loads(path.read_bytes()), kind)


@pytest.mark.parametrize("effects", [EFFECTS, (MOVED,)])
def test_what_the_relay_writes_is_what_the_contract_says(effects: Any) -> None:
    for kind, value in published(effects).items():
        validate(value, kind)
        data = SCHEMAS[kind]["$defs"][SCHEMAS[kind]["properties"]["data"]["$ref"].rpartition("/")[2]]
        assert set(value["data"]) <= set(data["properties"]), kind
        assert set(value) <= set(SCHEMAS[kind]["properties"]), kind


def test_the_relay_writes_every_public_type() -> None:
    assert set(published()) | set(published((MOVED,))) == set(PUBLIC_TYPES)


def test_a_float_or_a_missing_amount_is_not_in_the_contract() -> None:
    event = json.loads((GOLDEN / "payment.initiated.v1.json").read_bytes())
    for amount in (1000.0, 1000, "1000", "1,000.00", None):
        with pytest.raises(jsonschema.ValidationError):
            validate({**event, "data": {**event["data"], "amount": amount}}, "payment.initiated.v1")


def test_every_topic_of_events_is_in_asyncapi() -> None:
    document = documents()["asyncapi.json"]
    assert document["asyncapi"] == "3.0.0"
    assert set(document["channels"]) == {*topics.INPUTS, *topics.PUBLIC, *KEPT}
    assert set(document["components"]["messages"]) == {*INPUT_TYPES, *PUBLIC_TYPES, *KEPT_TYPES}
    for reference in references(document):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_openapi_says_problem_json_for_every_error(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            for status, response in operation["responses"].items():
                if int(status) >= 400 and path != "/readyz" and (path, status) not in OAUTHS_OWN:
                    assert list(response["content"]) == ["application/problem+json"], (method, path, status)
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_asyncapi_is_served(client: TestClient) -> None:
    assert client.get("/asyncapi.json").json() == json.loads((FOLDER / "asyncapi.json").read_bytes())
