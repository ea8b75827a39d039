"""Dead letters keep the message as it was and say why it is dead."""

from hashlib import sha256

import msgspec

from journal.letter_box import SEALED, Content
from streams.engine.letters import HEADER_BYTES_MAX, KEPT_BYTES, LETTER_BYTES_MAX, letter, sealed
from streams.engine.machine import Bad
from tests.streams.messages import message

BAD = Bad("MALFORMED_JSON", "not UTF-8")


def test_bytes_key_and_headers_are_kept_and_the_reason_is_added() -> None:
    found = message(b"\xff\x00", key=b"\xfe", partition=3, offset=17, headers=[("a", b"1"), ("a", None), ("b", b"\xff")])
    made = letter(found, "credit.payments.v1", BAD)
    assert (made.key, made.value) == (b"\xfe", b"\xff\x00")
    assert made.headers == [
        ("a", b"1"),
        ("a", None),
        ("b", b"\xff"),
        ("__connect.errors.topic", b"credit.payments.v1"),
        ("__connect.errors.partition", b"3"),
        ("__connect.errors.offset", b"17"),
        ("__connect.errors.stage", b"VALUE_CONVERTER"),
        ("__connect.errors.exception.class.name", b"MALFORMED_JSON"),
        ("__connect.errors.exception.message", b"not UTF-8"),
        ("hms_error_code", b"MALFORMED_JSON"),
    ]


def test_what_has_no_key_and_no_value_has_none_afterwards() -> None:
    made = letter(message(None, key=None), "t", BAD)
    assert (made.key, made.value) == (None, None)


def test_a_letter_that_was_replayed_and_died_again_tells_the_latest_reason_alone() -> None:
    first = letter(message(b"x", headers=[("own", b"1")]), "t", Bad("OLD", "old"))
    again = letter(message(b"x", headers=first.headers), "t", BAD)
    assert dict(again.headers)["hms_error_code"] == b"MALFORMED_JSON"
    assert len(again.headers) == len(first.headers)


def test_what_came_in_is_sealed_and_what_we_say_of_it_is_not() -> None:
    whole = letter(message(b"jane", key=b"roe", headers=[("phone", b"1"), ("empty", None)]), "t", BAD)
    made = sealed(whole, lambda content: b"sealed:" + content)
    assert made.key is None
    assert msgspec.msgpack.decode((made.value or b"").removeprefix(b"sealed:"), type=Content) == Content(
        b"roe", b"jane", [("phone", b"1"), ("empty", None)]
    )
    assert dict(made.headers)["hms_error_code"] == b"MALFORMED_JSON"
    assert not {"phone", "empty"} & set(dict(made.headers))
    assert made.headers[-1] == SEALED


def test_the_size_of_a_cut_letter_stays_readable() -> None:
    whole = letter(message(b"x" * (LETTER_BYTES_MAX + 1)), "t", BAD)
    assert {"hms_truncated_from_bytes", "hms_value_sha256"} <= set(dict(sealed(whole, bytes).headers))


def test_a_long_reason_is_cut() -> None:
    made = letter(message(b"x"), "t", Bad("C", "é" * HEADER_BYTES_MAX))
    assert len(dict(made.headers)["__connect.errors.exception.message"] or b"") == HEADER_BYTES_MAX


def test_a_message_that_inflated_beyond_any_producer_is_cut_and_can_be_found() -> None:
    value = b"x" * (LETTER_BYTES_MAX + 1)
    made = letter(message(value, offset=9, headers=[("big", b"y" * 100)]), "t", BAD)
    assert made.value == value[:KEPT_BYTES]
    told = dict(made.headers)
    assert told["hms_truncated_from_bytes"] == str(len(value)).encode()
    assert told["hms_value_sha256"] == sha256(value).hexdigest().encode()
    assert told["__connect.errors.offset"] == b"9"
    assert "big" not in told


def test_headers_alone_can_be_too_large() -> None:
    made = letter(message(b"x", headers=[("big", b"y" * LETTER_BYTES_MAX)]), "t", BAD)
    assert made.value == b"x"
    assert "big" not in dict(made.headers)
