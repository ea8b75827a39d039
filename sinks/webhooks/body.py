"""What a webhook says: the seed's four fields and nothing else, always in the same bytes."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct


class Problem(Struct, frozen=True, kw_only=True):
    """One of `exceptions`: what it is, why, the bank's code, and when the payment is presented again."""

    code: str
    reason: str
    error_code: str
    retry_date: str | None


class Body(Struct, frozen=True, kw_only=True):
    """The payload. Amounts are dollars with two places; `balance` is what the account still owes."""

    transaction_id: str
    settlement_amount: str
    balance: str
    exceptions: list[Problem]


class _Event(Struct):
    data: Body


_decode = msgspec.json.Decoder(_Event).decode
_encode = msgspec.json.Encoder().encode


def body(event: bytes, codes: Mapping[str, str]) -> bytes:
    """The payload of an event of the outbox; `codes` are return codes as the partner expects them. Raises msgspec.MsgspecError."""
    found = _decode(event).data
    if codes:
        told = [msgspec.structs.replace(each, error_code=codes.get(each.error_code, each.error_code)) for each in found.exceptions]
        found = msgspec.structs.replace(found, exceptions=told)
    return _encode(found)


def transaction_of(event: bytes) -> str:
    """The payment that an event of the outbox speaks of. Raises msgspec.MsgspecError for one that is no webhook."""
    return _decode(event).data.transaction_id
