"""Dead letters: the original bytes, key and headers, and the reason in Kafka Connect's header names."""

from collections.abc import Iterable
from typing import Any

from confluent_kafka import Message

from streams.engine.machine import Bad

HEADER_BYTES_MAX = 500


def headers(message: Message, topic: str, bad: Bad) -> list[tuple[str, bytes | None]]:
    """The message's own headers, then the reason. A replayed letter's older reasons are left out."""
    own = [(name, value) for name, value in headers_of(message) if not _is_reason(name)]
    return [
        *own,
        ("__connect.errors.topic", topic.encode()),
        ("__connect.errors.partition", str(message.partition()).encode()),
        ("__connect.errors.offset", str(message.offset()).encode()),
        ("__connect.errors.stage", b"VALUE_CONVERTER"),
        ("__connect.errors.exception.class.name", bad.code.encode()),
        ("__connect.errors.exception.message", bad.detail.encode()[:HEADER_BYTES_MAX]),
        ("hms_error_code", bad.code.encode()),
    ]


def _is_reason(name: str) -> bool:
    return name.startswith("__connect.errors.") or name == "hms_error_code"


def headers_of(message: Message) -> list[tuple[str, bytes | None]]:
    """The message's headers with their raw values."""
    pairs: Iterable[tuple[str, Any]] = message.headers() or ()  # type: ignore[assignment]
    return [(name, value.encode() if isinstance(value, str) else value) for name, value in pairs]
