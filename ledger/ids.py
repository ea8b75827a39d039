"""Identifiers are derived, never drawn: the same input always gets the same identifiers."""

from hashlib import sha1
from uuid import UUID

_NAMESPACE = UUID("5f0c6b0e-8d1f-5d0a-9d5e-1a3f5c7e9b11").bytes


def _uuid5(name: str) -> str:
    """UUID version 5 (RFC 9562, 5.5) of a name in our namespace; sha1 is what the version prescribes, nothing secret rests on it."""
    raw = bytearray(sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest()[:16])
    raw[6] = raw[6] & 0x0F | 0x50
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def effect_id(topic: str, partition: int, offset: int, ordinal: int) -> str:
    """Id of one effect: its place in the input (`topic`, `partition`, `offset`) and its number among that event's effects."""
    return _uuid5(f"{topic}|{partition}|{offset}|{ordinal}")


def window_alert_id(subject: str, rule: str, start_ms: int) -> str:
    """Id of the alert that a rule raises on a hospital or patient for the window that begins at this instant."""
    return _uuid5(f"window|{subject}|{rule}|{start_ms}")


def rule_alert_id(policy: str, rule: str) -> str:
    """Id of the alert that a rule of a book cannot be evaluated: one, whichever partitions notice."""
    return _uuid5(f"rule-broken|{policy}|{rule}")


def transaction_id(client: str, idempotency_key: str) -> str:
    """Id of a payment that a client asks for under an idempotency key."""
    return _uuid5(f"payment|{client}|{idempotency_key}")


def return_fee_id(transaction: str) -> str:
    """Id of the payment that collects the fee for a returned debit; one for each debit."""
    return _uuid5(f"return-fee|{transaction}")
