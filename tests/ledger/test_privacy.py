"""Personal data where none may be, or unsealed: such an event is none, and the reason does not repeat it (faults, row 52)."""

import json
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from ledger import events
from ledger.personal import SEALED_KINDS
from ledger.privacy import breach, marked
from ledger.wire import Unreadable, decode_account
from tests.journal.keys.memory import sealer
from tests.ledger.columns import columns

GOLDEN = Path(__file__).parent.parent / "api" / "golden"
SEALED = sealer().seal("patient-7", "payment.initiated.v1", "instrument", b"{}")
OF_ANOTHER = sealer().seal("patient-8", "payment.initiated.v1", "instrument", b"{}")
ELSEWHERE = sealer().seal("patient-7", "consent.changed.v1", "contact", b"+12125550147")
CORRECTION = sealer().seal("patient-9", "account.changed.v1", "correction", b"{}")
NAMED = {"CORRECTION": CORRECTION, "SEALED": SEALED, "OF_ANOTHER": OF_ANOTHER, "ELSEWHERE": ELSEWHERE}

EVENTS = """
event                | field            | value                    | code          | said
payment.initiated.v1 | instrument       | SEALED                   |               |
payment.initiated.v1 | instrument       | 021000021 1234567        | NOT_SEALED    | not a JWE in compact serialization - at `instrument`
payment.initiated.v1 | instrument       | OF_ANOTHER               | NOT_SEALED    | sealed with a key of another subject - at `instrument`
payment.initiated.v1 | instrument       | ELSEWHERE                | NOT_SEALED    | sealed for another place (ctx) - at `instrument`
payment.initiated.v1 | reference        | 4111111111111111         | CARD_NUMBER   | a card number stands at `reference`
payment.initiated.v1 | client_reference | card:4111111111111111    | CARD_NUMBER   | a card number stands at `client_reference`
payment.initiated.v1 | reference        | INV-2026-000123          |               |
payment.initiated.v1 | patient_id       | jane.roe@example.org     | PERSONAL_DATA | an e-mail address stands at `patient_id`
payment.initiated.v1 | patient_id       | 078-05-1120              | PERSONAL_DATA | a social security number stands at `patient_id`
balance.opened.v1    | patient_id       | 212-555-0147             | PERSONAL_DATA | a telephone number stands at `patient_id`
balance.opened.v1    | reference        | 378282246310005          | CARD_NUMBER   | a card number stands at `reference`
plan.opened.v1       | instalments      | 5555555555554444         | CARD_NUMBER   | a card number stands at `instalments[0].reference`
payment.canceled.v1  | reason           | paid from acct 12345678  | PERSONAL_DATA | an account number stands at `reason`
payment.canceled.v1  | reason           | ask jane@example.org     | PERSONAL_DATA | an e-mail address stands at `reason`
payment.canceled.v1  | reason           | the patient paid in cash |               |
mandate.revoked.v1   | reason           | call 212-555-0147        | PERSONAL_DATA | a telephone number stands at `reason`
payment.reviewed.v1  | comment          | card 4111 1111 1111 1111 | CARD_NUMBER   | a card number stands at `comment`
account.changed.v1   | correction       | CORRECTION               |               |
account.changed.v1   | correction       | ELSEWHERE                | NOT_SEALED    | sealed for another place (ctx) - at `correction`
account.changed.v1   | correction       | 1234567                  | NOT_SEALED    | not a JWE in compact serialization - at `correction`
consent.changed.v1   | contact          | +12125550147             | NOT_SEALED    | not a JWE in compact serialization - at `contact`
payment.failed.v1    | reason           | trace 021000021234567    |               |
payment.failed.v1    | reason           | card 4111111111111111    | CARD_NUMBER   | a card number stands at `reason`
deposit.received.v1  | reference        | 4111111111111111         | CARD_NUMBER   | a card number stands at `reference`
"""


@pytest.mark.parametrize(("kind", "field", "value", "code", "said"), columns(EVENTS))
def test_events(kind: str, field: str, value: str, code: str, said: str) -> None:
    whole: dict[str, Any] = json.loads((GOLDEN / f"{kind}.json").read_bytes())
    data = whole["data"]
    data.pop("instrument", "")
    if field == "instrument":
        data["patient_id"] = "patient-7"
    if field == "instalments":
        data["instalments"][0]["reference"] = value
    else:
        data[field] = NAMED.get(value, value)
    event = decode_account(json.dumps(whole).encode())
    assert not isinstance(event, Unreadable), event
    found = breach(event)
    told = (found.code.value, found.detail.replace("$.data.", "")) if found is not None else ("", "")
    assert told == (code, said)
    assert found is None or value not in found.detail


def test_golden_events_hold_no_personal_data() -> None:
    for path in GOLDEN.glob("*.json"):
        event = decode_account(path.read_bytes())
        if not isinstance(event, Unreadable):
            found = breach(event)
            assert found is None or "NOT_SEALED" in found.code, path.name  # written before keys belonged to subjects


LOOKS_PERSONAL = re.compile(
    r"name|phone|mail|address|birth|ssn|account_number|routing|instrument|contact|patient|reason|comment|memo|note|text"
)
OF_NO_PERSON = {"text", "jurisdiction", "prenote"}
"""A rule book's text; where a law applies; and whether an entry tries an account."""


def test_every_field_that_looks_personal_is_marked() -> None:
    for event in get_args(events.AccountEvent):
        data = get_type_hints(event)["data"]
        marks = dict(marked(data))
        for field in msgspec.structs.fields(data):
            if LOOKS_PERSONAL.search(field.name) and field.name not in OF_NO_PERSON:
                assert field.name in marks, f"{data.__name__}.{field.name} is not marked: see ledger.personal"


def test_sealed_fields_stand_beside_their_subject() -> None:
    for event in get_args(events.AccountEvent):
        data = get_type_hints(event)["data"]
        if SEALED_KINDS & set(dict(marked(data)).values()):
            subject = "patient_id" in {field.name for field in msgspec.structs.fields(data)}
            assert subject or event is events.AccountChanged  # a bank does not know the patient: the key names it


def test_the_marks_are_in_the_schemas() -> None:
    schema = json.loads((GOLDEN.parent.parent.parent / "docs" / "schemas" / "payment.initiated.v1.json").read_bytes())
    fields = schema["$defs"]["InitiatedData"]["properties"]
    assert {name: field["x-personal"] for name, field in fields.items() if "x-personal" in field} == {
        "patient_id": "pseudonym",
        "reference": "reference",
        "client_reference": "reference",
        "instrument": "instrument",
    }
