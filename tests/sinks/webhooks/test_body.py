"""What a webhook says."""

import json
from pathlib import Path

import msgspec
import pytest

from sinks.webhooks.body import body, transaction_of

EVENT = (Path(__file__).parents[2] / "api" / "golden" / "webhook.due.v1.json").read_bytes()


def test_it_has_the_four_fields_of_the_integration_document_and_no_other() -> None:
    assert json.loads(body(EVENT, {})) == {
        "transaction_id": "t-1",
        "settlement_amount": "0.00",
        "balance": "250.00",
        "exceptions": [
            {"code": "PAYMENT_RETURNED", "reason": "insufficient_funds", "error_code": "R01", "retry_date": "2026-03-08T20:00:00.000Z"}
        ],
    }


def test_the_same_event_always_gives_the_same_bytes() -> None:
    assert body(EVENT, {}) == body(EVENT, {}) == body(msgspec.json.encode(json.loads(EVENT)), {})


def test_a_partner_that_expects_another_code_gets_it_with_the_reason_unchanged() -> None:
    """The integration document calls insufficient funds R02; Nacha's code is R01, and only a map says otherwise."""
    (told,) = json.loads(body(EVENT, {"R01": "R02"}))["exceptions"]
    assert (told["error_code"], told["reason"]) == ("R02", "insufficient_funds")


def test_what_the_ledger_never_writes_is_refused() -> None:
    assert transaction_of(EVENT) == "t-1"
    for value in (b"", b"{}", b'{"data":{"transaction_id":5}}', EVENT.replace(b'"250.00"', b"250.00")):
        with pytest.raises(msgspec.MsgspecError):
            body(value, {})
