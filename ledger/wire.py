"""Bytes to events: structured and binary CloudEvents in, a typed event or a reason out. Nothing here raises on bad input."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec import Struct

from ledger.events import AccountEvent, ClockEvent, Event
from ledger.money import Cents, cents, money

EVENT_BYTES_MAX = 256 * 1024
"""Largest event that is decoded; a longer one is dead-lettered unread."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_ATTRIBUTES = ("id", "source", "type", "time", "subject", "specversion", "traceparent", "idempotencykey")


class BadInput(StrEnum):
    """Why a message could not become an event. The value is the dead letter's `hms_error_code`."""

    EMPTY = "EMPTY"
    OVERSIZE = "OVERSIZE"
    MALFORMED_JSON = "MALFORMED_JSON"
    UNKNOWN_TYPE = "UNKNOWN_TYPE"
    CONTRACT_VIOLATION = "CONTRACT_VIOLATION"
    MISSING_KEY = "MISSING_KEY"
    WRONG_KEY = "WRONG_KEY"
    WRONG_PARTITION = "WRONG_PARTITION"
    WRONG_TOPIC = "WRONG_TOPIC"
    NOT_SEALED = "NOT_SEALED"
    PERSONAL_DATA = "PERSONAL_DATA"
    CARD_NUMBER = "CARD_NUMBER"


class Unreadable(Struct, frozen=True):
    """A message that is not an event: the code and a sentence that says where and why, without its content."""

    code: BadInput
    detail: str


def _from_text(kind: type, value: object) -> object:
    if kind is Cents:
        if type(value) is not str:
            raise ValueError('an amount is a decimal string with exactly two places, such as "1000.00"')
        return Cents(cents(value))
    raise NotImplementedError(kind)


class _RepeatedError(Exception):
    """A name stands twice in one object."""


_REPEATED = Unreadable(BadInput.MALFORMED_JSON, "a name is repeated in one object")
_decode_account: Callable[[bytes], AccountEvent] = msgspec.json.Decoder(AccountEvent, dec_hook=_from_text).decode
_decode_clock: Callable[[bytes], ClockEvent] = msgspec.json.Decoder(ClockEvent, dec_hook=_from_text).decode


def epoch_ms(instant: datetime) -> int:
    """Epoch milliseconds of an instant that carries an offset."""
    return (instant - _EPOCH) // _MILLISECOND


def decode_account(value: bytes | None, headers: Iterable[tuple[str, bytes | None]] | None = None) -> AccountEvent | Unreadable:
    """The account event in a message's value, or why there is none. `headers` are needed for binary mode alone."""
    return _decode(_decode_account, AccountEvent, value, headers)  # type: ignore[return-value]


def decode_clock(value: bytes | None, headers: Iterable[tuple[str, bytes | None]] | None = None) -> ClockEvent | Unreadable:
    """The clock event in a message's value, or why there is none."""
    return _decode(_decode_clock, ClockEvent, value, headers)  # type: ignore[return-value]


def _decode(
    decode: Callable[[bytes], Event],
    kinds: object,
    value: bytes | None,
    headers: Iterable[tuple[str, bytes | None]] | None,
) -> Event | Unreadable:
    if not value:
        return Unreadable(BadInput.EMPTY, "the message has no value")
    if len(value) > EVENT_BYTES_MAX:
        return Unreadable(BadInput.OVERSIZE, f"{len(value)} bytes; at most {EVENT_BYTES_MAX} are read")
    try:
        event = decode(value)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        attributes = _binary_attributes(headers)
        if attributes is None:
            return _reason(error)
    else:
        return _REPEATED if _doubtful(value) and _repeats_a_name(value) else event
    try:
        envelope = {**attributes, "data": msgspec.json.decode(value)}
        converted: Event = msgspec.convert(envelope, kinds, dec_hook=_from_text)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return _reason(error)
    return _REPEATED if _repeats_a_name(value) else converted


def _doubtful(value: bytes) -> bool:
    """Whether a name that matters may stand twice in one object; cheap, and never wrong when it says no."""
    count = value.count
    return (
        count(b'"amount"') > 1
        or count(b'"transaction_id"') > 1
        or count(b'"credit_reference"') > 1
        or count(b'"data"') > 1
        or count(b'"type"') > 1
        or b"\\" in value
    )


def _repeats_a_name(value: bytes) -> bool:
    """Whether an object names a member twice, which readers understand differently (RFC 8259, 4): no amount may rest on that."""

    def members(pairs: list[tuple[str, object]]) -> None:
        if len({name for name, _ in pairs}) != len(pairs):
            raise _RepeatedError

    try:
        json.loads(value, object_pairs_hook=members, parse_int=str, parse_float=str)
    except (_RepeatedError, RecursionError):
        return True
    return False


def _binary_attributes(headers: Iterable[tuple[str, bytes | None]] | None) -> dict[str, str] | None:
    """CloudEvents attributes of the `ce_…` headers, or None when the message isn't in binary mode."""
    named = {name.lower(): raw or b"" for name, raw in headers or ()}
    if "ce_specversion" not in named or named.get("content-type", b"").startswith(b"application/cloudevents"):
        return None
    return {name: named[f"ce_{name}"].decode("utf-8", "replace") for name in _ATTRIBUTES if f"ce_{name}" in named}


def _reason(error: Exception) -> Unreadable:
    if isinstance(error, msgspec.ValidationError):
        text = str(error)
        if text.endswith("`$.type`"):
            return Unreadable(BadInput.UNKNOWN_TYPE, "no event of this type and version is known here")
        return Unreadable(BadInput.CONTRACT_VIOLATION, _without_values(text))
    if isinstance(error, RecursionError):
        return Unreadable(BadInput.MALFORMED_JSON, "nested too deeply")
    return Unreadable(BadInput.MALFORMED_JSON, str(error) if isinstance(error, msgspec.DecodeError) else "not UTF-8")


def _without_values(text: str) -> str:
    """The message of a validation error; a rejected enum value is left out, for it may be personal data."""
    if text.startswith(("Invalid enum value", "Invalid value")):
        return "Invalid value" + text[text.rfind(" - at ") :]
    return text


def _to_text(value: object) -> object:
    if type(value) is Cents:
        return money(value)
    raise NotImplementedError(type(value))


_encode = msgspec.json.Encoder(enc_hook=_to_text).encode


def encode_event(event: AccountEvent) -> str:
    """JSON of an event as it would stand on the wire, for one that is kept for later."""
    return _encode(event).decode()


def decode_parked(text: str) -> AccountEvent:
    """The event that `encode_event` wrote."""
    return _decode_account(text.encode())
