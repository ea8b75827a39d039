"""Dead letters: the original bytes, key and headers, sealed, and the reason in Kafka Connect's header names."""

from collections.abc import Iterable
from hashlib import sha256
from operator import methodcaller
from typing import Any, NamedTuple

from confluent_kafka import Message

from journal.letter_box import SEALED, Content, Seal, encode
from streams.engine.machine import Bad

HEADER_BYTES_MAX = 500
LETTER_BYTES_MAX = 8_000_000
"""A letter is whole up to here; sealed it is a third longer. A message may be larger than any that we may write: the broker's limit is
on compressed bytes."""
KEPT_BYTES = 100_000
"""what is kept of a larger one; the whole stays in the input topic, at the position that the headers name"""

_CUT, _CUT_HASH = _SAID = ("hms_truncated_from_bytes", "hms_value_sha256")
Headers = list[tuple[str, bytes | None]]
_headers = methodcaller("headers")
"""confluent-kafka 2.16 returns a list with a hole in it, and an error set, for a name that is not UTF-8. Called like this the
interpreter notices; called as a method, once its call is specialized (PEP 659), it does not, and falls into the hole."""


class Letter(NamedTuple):
    """A dead letter as it is written."""

    key: bytes | None
    value: bytes | None
    headers: Headers


def letter(message: Message, topic: str, bad: Bad) -> Letter:
    """The message and why it is dead. A replayed letter's older reasons are left out."""
    key, value = _raw(message.key()), _raw(message.value())
    own = [(name, content) for name, content in headers_of(message) if not _is_reason(name)]
    reasons: Headers = [
        ("__connect.errors.topic", topic.encode()),
        ("__connect.errors.partition", str(message.partition()).encode()),
        ("__connect.errors.offset", str(message.offset()).encode()),
        ("__connect.errors.stage", b"VALUE_CONVERTER"),
        ("__connect.errors.exception.class.name", bad.code.encode()),
        ("__connect.errors.exception.message", bad.detail.encode()[:HEADER_BYTES_MAX]),
        ("hms_error_code", bad.code.encode()),
    ]
    size = len(key or b"") + len(value or b"") + sum(len(name) + len(content or b"") for name, content in own)
    if size <= LETTER_BYTES_MAX:
        return Letter(key, value, own + reasons)
    cut: Headers = [
        (_CUT, str(len(value or b"")).encode()),
        (_CUT_HASH, sha256(value or b"").hexdigest().encode()),
    ]
    return Letter(key and key[:KEPT_BYTES], value and value[:KEPT_BYTES], reasons + cut)


def sealed(whole: Letter, seal: Seal) -> Letter:
    """The letter as it is written: what came in is sealed together, what we say of it stays readable."""
    said = [(name, content) for name, content in whole.headers if _is_reason(name) or name in _SAID]
    came = [(name, content) for name, content in whole.headers if not (_is_reason(name) or name in _SAID)]
    return Letter(None, seal(encode(Content(whole.key, whole.value, came))), [*said, SEALED])


def _is_reason(name: str) -> bool:
    return name.startswith("__connect.errors.") or name == "hms_error_code"


def headers_of(message: Message) -> Headers:
    """The message's headers with their raw values; none when a name is not UTF-8, which the client library cannot give out."""
    try:
        pairs: Iterable[tuple[str, Any]] = _headers(message) or ()
    except (SystemError, UnicodeDecodeError):
        # it keeps a list with a hole in it, and the next look would end the process
        message.set_headers([])
        return []
    return [(name, value.encode() if isinstance(value, str) else value) for name, value in pairs]


def _raw(value: str | bytes | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value
