"""Bytes to events: what is read, and what every kind of hostile or broken message is answered with."""

import json
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import events
from ledger.wire import (
    EVENT_BYTES_MAX,
    BadInput,
    Unreadable,
    decode_account,
    decode_clock,
    decode_parked,
    encode_event,
    epoch_ms,
)

SETTLED: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e1",
    "source": "/bank",
    "type": "payment.settled.v1",
    "time": "2026-03-02T10:00:00.250Z",
    "subject": "CR-1",
    "data": {
        "credit_reference": "CR-1",
        "transaction_id": "T1",
        "amount": "100.00",
        "settlement_date": "2026-03-02",
        "reference": "INV-1",
    },
}
SECRET = "Jane-Roe-1970"


def message(data: dict[str, Any] | None = None, **attributes: Any) -> bytes:
    """The settlement with some attributes or data changed; None leaves one out."""
    envelope = {**SETTLED, **attributes, "data": {**SETTLED["data"], **(data or {})}}
    envelope["data"] = {name: value for name, value in envelope["data"].items() if value is not None}
    return json.dumps({name: value for name, value in envelope.items() if value is not None}).encode()


def refused(value: bytes | None, headers: list[tuple[str, bytes | None]] | None = None) -> Unreadable:
    found = decode_account(value, headers)
    assert isinstance(found, Unreadable), found
    return found


def test_structured_mode_is_read() -> None:
    event = decode_account(message())
    assert isinstance(event, events.PaymentSettled)
    assert (event.id, event.source, event.subject) == ("e1", "/bank", "CR-1")
    assert (event.data.amount, event.data.currency, event.data.settlement_date.isoformat()) == (10_000, "USD", "2026-03-02")
    assert epoch_ms(event.time) == 1_772_445_600_250


def test_binary_mode_is_the_same_event() -> None:
    headers: list[tuple[str, bytes | None]] = [
        (f"ce_{name}", SETTLED[name].encode()) for name in ("specversion", "id", "source", "type", "time", "subject")
    ]
    headers.append(("Content-Type", b"application/json"))
    assert decode_account(json.dumps(SETTLED["data"]).encode(), headers) == decode_account(message())


def test_headers_beside_a_structured_event_are_not_looked_at() -> None:
    headers: list[tuple[str, bytes | None]] = [("ce_specversion", b"1.0"), ("ce_type", b"payment.failed.v1"), ("ce_id", None)]
    assert decode_account(message(), headers) == decode_account(message())
    structured: list[tuple[str, bytes | None]] = [*headers, ("content-type", b"application/cloudevents+json")]
    assert refused(b"{}", structured).code is BadInput.CONTRACT_VIOLATION


def test_unknown_fields_are_left_to_producers() -> None:
    assert decode_account(message(data={"memo": {"a": [1, 2]}}, extension="x", datacontenttype="application/json")) == decode_account(
        message()
    )


def test_ticks_and_policies_are_the_clocks_own() -> None:
    tick = message(type="tick.v1")
    assert isinstance(decode_clock(tick), events.Tick)
    assert refused(tick).code is BadInput.UNKNOWN_TYPE
    found = decode_clock(message())
    assert isinstance(found, Unreadable)
    assert found.code is BadInput.UNKNOWN_TYPE


MALFORMED = BadInput.MALFORMED_JSON
CONTRACT = BadInput.CONTRACT_VIOLATION
UNKNOWN = BadInput.UNKNOWN_TYPE

HOSTILE: dict[str, tuple[Callable[[], bytes | None], BadInput]] = {
    "no value": (lambda: None, BadInput.EMPTY),
    "an empty value": (lambda: b"", BadInput.EMPTY),
    "one byte too long": (lambda: b" " * (EVENT_BYTES_MAX + 1), BadInput.OVERSIZE),
    "11 MB": (lambda: b"x" * 11_000_000, BadInput.OVERSIZE),
    "no JSON": (lambda: b"settled T1 100.00", MALFORMED),
    "half an event": (lambda: message()[:-20], MALFORMED),
    "two events": (lambda: message() + message(), MALFORMED),
    "a byte order mark": (lambda: b"\xef\xbb\xbf" + message(), MALFORMED),
    "UTF-16": (lambda: message().decode().encode("utf-16"), MALFORMED),
    "Latin-1": (lambda: message(data={"reference": "X"}).replace(b"X", b"\xe9"), MALFORMED),
    "an overlong UTF-8 form": (lambda: message(id="X").replace(b"X", b"\xc0\x80"), MALFORMED),
    "a surrogate in UTF-8": (lambda: message(id="X").replace(b"X", b"\xed\xa0\x80"), MALFORMED),
    "half a surrogate pair": (lambda: message(id="X").replace(b"X", rb"\ud800"), MALFORMED),
    "the wrong half of a pair": (lambda: message(id="X").replace(b"X", rb"\udc00\ud800"), MALFORMED),
    "a control character": (lambda: message(id="X").replace(b"X", b"\x00"), MALFORMED),
    "NUL in a token": (lambda: message(data={"transaction_id": "T\x00"}), CONTRACT),
    "a line feed after a token": (lambda: message(data={"credit_reference": "CR-1\n"}), CONTRACT),
    "a line feed after an optional token": (lambda: message(data={"reference": "INV-1\n"}), CONTRACT),
    "a list": (lambda: b"[1, 2]", CONTRACT),
    "a number": (lambda: b"12", CONTRACT),
    "null": (lambda: b"null", CONTRACT),
    "arrays 100,000 deep": (lambda: b"[" * 100_000, CONTRACT),
    "objects 30,000 deep in an unknown field": (lambda: message()[:-1] + b',"x":' + b'{"a":' * 30_000 + b"1" + b"}" * 30_001, MALFORMED),
    "data deep down": (lambda: message().replace(b'"T1"', b"[" * 50_000 + b"]" * 50_000), CONTRACT),
    "NaN": (lambda: message(data={"amount": 1}).replace(b": 1,", b": NaN,"), MALFORMED),
    "Infinity": (lambda: message(data={"amount": 1}).replace(b": 1,", b": -Infinity,"), MALFORMED),
    "a number beyond any float": (lambda: message(data={"amount": 1}).replace(b": 1,", b": 1e400,"), CONTRACT),
    "an integer of 5,000 digits": (lambda: message(data={"amount": 1}).replace(b": 1,", b": " + b"9" * 5_000 + b","), CONTRACT),
    "an amount twice": (lambda: message().replace(b'"amount": ', b'"amount": "1.00", "amount": '), MALFORMED),
    "an amount twice, once in disguise": (lambda: message().replace(b'"amount": ', rb'"\u0061mount": "1.00", "amount": '), MALFORMED),
    "data twice": (lambda: message()[:-1] + b', "data": {}}', CONTRACT),
    "a type twice": (lambda: message()[:-1] + b', "type": "payment.settled.v1"}', MALFORMED),
    "a type of tomorrow": (lambda: message(type="payment.settled.v2"), UNKNOWN),
    "another kind of type": (lambda: message(type="payment.exploded.v1"), UNKNOWN),
    "a type that is a number": (lambda: message(type=5), UNKNOWN),
    "no type": (lambda: message(type=None), CONTRACT),
    "no id": (lambda: message(id=None), CONTRACT),
    "an empty id": (lambda: message(id=""), CONTRACT),
    "an id of a kilobyte": (lambda: message(id="x" * 1_000), CONTRACT),
    "another version of CloudEvents": (lambda: message(specversion="0.3"), CONTRACT),
    "no time": (lambda: message(time=None), CONTRACT),
    "a time without an offset": (lambda: message(time="2026-03-02T10:00:00"), CONTRACT),
    "a time that is a number": (lambda: message(time=1_772_445_600), CONTRACT),
    "the 30th of February": (lambda: message(data={"settlement_date": "2026-02-30"}), CONTRACT),
    "a date in another order": (lambda: message(data={"settlement_date": "02/03/2026"}), CONTRACT),
    "no data": (lambda: json.dumps({**SETTLED, "data": None}).encode(), CONTRACT),
    "no credit reference": (lambda: message(data={"credit_reference": None}), CONTRACT),
    "an empty credit reference": (lambda: message(data={"credit_reference": ""}), CONTRACT),
    "a name for a credit reference": (lambda: message(data={"credit_reference": "Jane Roe"}), CONTRACT),
    "an amount that is a number": (lambda: message(data={"amount": 100.0}), CONTRACT),
    "an amount that is an integer": (lambda: message(data={"amount": 10_000}), CONTRACT),
    "an amount with a comma": (lambda: message(data={"amount": "12,34"}), CONTRACT),
    "an amount with three decimals": (lambda: message(data={"amount": "0.001"}), CONTRACT),
    "an amount without decimals": (lambda: message(data={"amount": "100"}), CONTRACT),
    "a negative amount": (lambda: message(data={"amount": "-1.00"}), CONTRACT),
    "minus nothing": (lambda: message(data={"amount": "-0.00"}), CONTRACT),
    "an amount with an exponent": (lambda: message(data={"amount": "1e2"}), CONTRACT),
    "an amount in Arabic digits": (lambda: message(data={"amount": "١٠٠.٠٠"}), CONTRACT),
    "an amount with a space": (lambda: message(data={"amount": "100.00 "}), CONTRACT),
    "an amount beyond 64 bits": (lambda: message(data={"amount": "92233720368547758.08"}), CONTRACT),
    "an amount beyond the limit": (lambda: message(data={"amount": "1000000000.00"}), CONTRACT),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_broken_message_is_answered_with_its_code(name: str) -> None:
    make, code = HOSTILE[name]
    assert refused(make()).code is code


def test_forty_thousand_names_are_read_or_refused_in_no_time() -> None:
    """The most that fits into the largest message; none of them means anything to us."""
    extra = ",".join(f'"{number}":0' for number in range(27_000)).encode()
    value = message()[:-1] + b"," + extra + b"}"
    assert 200_000 < len(value) <= EVENT_BYTES_MAX
    assert decode_account(value) == decode_account(message())


def test_a_zero_amount_is_read_for_the_decision_to_refuse() -> None:
    event = decode_account(message(data={"amount": "0.00"}))
    assert isinstance(event, events.PaymentSettled)
    assert event.data.amount == 0


@pytest.mark.parametrize(
    "value",
    [
        message(data={"transaction_id": SECRET + "\n"}),
        message(data={"amount": SECRET}),
        message(data={"settlement_date": SECRET}),
        message(type=SECRET),
        message(specversion=SECRET),
        message(time=SECRET),
        message(data={"direction": SECRET, "patient_id": "P", "hospital_id": "H"}, type="payment.initiated.v1"),
        message(data={"purpose": SECRET, "patient_id": "P", "granted": True}, type="consent.changed.v1"),
        message(data={"verdict": SECRET, "reviewer": "anna"}, type="payment.reviewed.v1"),
        message(data={"sec_code": SECRET, "mandate_id": "M", "patient_id": "P"}, type="mandate.granted.v1"),
        message(data={SECRET: 1, "amount": 1}),
        SECRET.encode(),
        b'{"' + SECRET.encode(),
        b"\xff" + SECRET.encode(),
    ],
)
def test_no_answer_repeats_what_the_message_says(value: bytes) -> None:
    assert SECRET not in refused(value).detail


def test_every_code_is_in_use() -> None:
    """The decoder's own here, the poster's in `tests.streams.test_decode`, those of personal data in `tests.ledger.test_privacy`."""
    ours = {code for _, code in HOSTILE.values()}
    posters = {BadInput.MISSING_KEY, BadInput.WRONG_KEY, BadInput.WRONG_PARTITION, BadInput.WRONG_TOPIC}
    personal = {BadInput.NOT_SEALED, BadInput.PERSONAL_DATA, BadInput.CARD_NUMBER}
    assert ours | posters | personal == set(BadInput)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", BadInput.EMPTY),
        (b"not json", MALFORMED),
        (b"null", CONTRACT),
        (b"[" * 100_000, MALFORMED),
        (b'{"amount": "1.00"}', CONTRACT),
        (json.dumps(SETTLED["data"]).encode().replace(b'"amount"', b'"amount": "9.00", "amount"'), MALFORMED),
    ],
)
def test_binary_mode_has_the_same_answers(content: bytes, code: BadInput) -> None:
    headers: list[tuple[str, bytes | None]] = [
        (f"ce_{name}", SETTLED[name].encode()) for name in ("specversion", "id", "source", "type", "time")
    ]
    assert refused(content, headers).code is code


def test_binary_mode_needs_its_type_and_time() -> None:
    data = json.dumps(SETTLED["data"]).encode()
    assert refused(data, [("ce_specversion", b"1.0"), ("ce_id", b"1")]).code is CONTRACT
    unknown: list[tuple[str, bytes | None]] = [("ce_specversion", b"1.0"), ("ce_type", b"\xff\xfe"), ("ce_id", None)]
    assert refused(data, unknown).code is UNKNOWN


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_bytes_raise(value: bytes) -> None:
    decode_account(value, [("ce_specversion", value), ("ce_type", b"tick.v1")])
    decode_clock(value)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_no_change_of_a_good_message_raises(data: st.DataObject) -> None:
    value = bytearray(message())
    for _ in range(data.draw(st.integers(1, 4))):
        value[data.draw(st.integers(0, len(value) - 1))] = data.draw(st.integers(0, 255))
    decode_account(bytes(value))


def test_an_event_that_waits_comes_back_as_it_was() -> None:
    for kind, data in {
        "payment.settled.v1": {},
        "payment.returned.v1": {"return_code": "r01", "return_date": "2026-03-04"},
        "payment.submitted.v1": {"trace_number": "0910000", "effective_date": "2026-03-03"},
        "payment.failed.v1": {"reason": 'Zeile \n \u2028 \\ " ende'},
    }.items():
        event = decode_account(message(data=data, type=kind))
        assert not isinstance(event, Unreadable)
        assert decode_parked(encode_event(event)) == event
        assert "100.00" in encode_event(event) or kind in {"payment.submitted.v1", "payment.failed.v1"}


def test_instants_are_whole_milliseconds_whatever_their_offset() -> None:
    for text, expected in {
        "1970-01-01T00:00:00Z": 0,
        "2026-03-02T05:00:00.250999-05:00": 1_772_445_600_250,
        "0001-01-01T00:00:00+14:00": -62_135_647_200_000,
        "9999-12-31T23:59:59-14:00": 253_402_351_199_000,
    }.items():
        event = decode_account(message(time=text))
        assert not isinstance(event, Unreadable)
        assert epoch_ms(event.time) == expected


def test_depth_is_refused_wherever_the_stack_stands() -> None:
    """A decoder that is called from deep inside must not fall over either."""

    def down(levels: int) -> object:
        return down(levels - 1) if levels else decode_account(b"[" * 5_000)

    assert isinstance(down(sys.getrecursionlimit() // 2), Unreadable)


def test_the_contract_is_msgspecs_own_schema() -> None:
    """Tokens keep their pattern in the schema that producers are given."""
    _, parts = msgspec.json.schema_components([events.PaymentSettled], schema_hook=lambda _: {"type": "string"})
    assert "pattern" in parts["SettledData"]["properties"]["transaction_id"]
