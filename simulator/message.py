"""One message of the simulation: an event in its CloudEvents envelope, and when and where it is to be sent."""

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import orjson

Data = dict[str, object]

CREDIT = "/credit"
BANK = "/bank"
PEOPLE = "/hospital-finance"
CLOCK = "/simulator/clock"


class Entry(NamedTuple):
    """An ACH entry that the bank is given. `side` is debit or credit as the receiver sees it; `attempt` counts from 1."""

    account: str
    transaction_id: str
    attempt: int
    side: str
    amount_cents: int
    hospital_id: str
    at_ms: int


class Message(NamedTuple):
    """What is sent. `at_ms` is the instant of delivery in event time: the event's own time, or later when it is late."""

    at_ms: int
    topic: str
    key: bytes | None
    value: bytes
    partition: int = -1
    """-1: chosen by the key"""
    entry: Entry | None = None
    """for a payment that CREDIT asks for in good order: the entry it becomes when it is approved as it stands"""
    withdraws: str = ""
    """for a cancellation: the payment that CREDIT takes back"""
    reviews: str = ""
    """for a review: the payment that a person decides on"""


def message(topic: str, source: str, kind: str, event_id: str, at_ms: int, account: str, data: Data, entry: Entry | None = None) -> Message:
    """An account's event as a message: `account` is subject, key and `data.credit_reference` in one."""
    data["credit_reference"] = account
    return Message(at_ms, topic, account.encode(), envelope(source, kind, event_id, at_ms, account, data), entry=entry)


def envelope(source: str, kind: str, event_id: str, at_ms: int, subject: str, data: Data) -> bytes:
    """The structured JSON form of a CloudEvent."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": event_id,
            "source": source,
            "type": kind,
            "time": iso(at_ms),
            "subject": subject,
            "data": data,
        }
    )


def iso(at_ms: int) -> str:
    """UTC text of an instant, to the millisecond."""
    minute, rest = divmod(at_ms, 60_000)
    return f"{_minute(minute)}{rest // 1000:02d}.{rest % 1000:03d}Z"


@lru_cache(maxsize=65_536)
def _minute(minute: int) -> str:
    return datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%dT%H:%M:")


def token(prefix: str, *parts: object) -> str:
    """An opaque identifier: the same parts give the same token, and it tells nothing about them."""
    text = "/".join(map(str, parts))
    return f"{prefix}{blake2b(text.encode(), digest_size=6).hexdigest()}"
