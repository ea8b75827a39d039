"""Kafka messages as the fetcher hands them on, and the events in them."""

import json
from typing import Any

from confluent_kafka import TIMESTAMP_LOG_APPEND_TIME, Message

from journal import topics

NOW_MS = 1_772_445_600_000
"""2026-03-02 10:00 UTC"""
TIME = "2026-03-02T10:00:00Z"


def message(
    value: bytes | None,
    key: bytes | None = b"CR-1",
    topic: str = topics.PAYMENTS,
    partition: int = 0,
    offset: int = 0,
    headers: list[tuple[str, bytes | None]] | None = None,
    appended_ms: int = NOW_MS,
) -> Message:
    """A message with the broker's append time."""
    return Message(
        topic=topic,
        partition=partition,
        offset=offset,
        key=key,
        value=value,
        headers=headers,  # type: ignore[arg-type]
        timestamp=(TIMESTAMP_LOG_APPEND_TIME, appended_ms),
    )


def cloud_event(kind: str, data: dict[str, Any], identity: str = "e1", time: str = TIME) -> bytes:
    """A CloudEvent in structured mode."""
    return json.dumps({"specversion": "1.0", "id": identity, "source": "/test", "type": kind, "time": time, "data": data}).encode()


def initiated(reference: str = "CR-1", transaction: str = "T1", amount: str = "100.00", direction: str = "preapproval") -> bytes:
    """A payment that CREDIT asks for."""
    data = {
        "credit_reference": reference,
        "transaction_id": transaction,
        "patient_id": "P1",
        "hospital_id": "H1",
        "amount": amount,
        "direction": direction,
    }
    return cloud_event("payment.initiated.v1", data, f"ask-{transaction}")
