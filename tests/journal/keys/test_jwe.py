"""What is put together by hand is what JOSE libraries read, and a change anywhere is noticed."""

import pytest
from joserfc import jwe as library
from joserfc.jwk import ECKey, OctKey

from journal.keys import jwe
from ledger.seal import Header, header_of

KEY, OTHER = bytes(32), bytes([1] * 32)
IV = bytes(12)
CTX = "payment.initiated.v1|instrument|P-1"
REGISTRY = library.JWERegistry(algorithms=["dir", "ECDH-ES+A256KW", "A256GCM"], strict_check_header=False)
SEALED = jwe.seal(KEY, "P-1.a1", CTX, b"hello", IV, "f00d")


def test_a_jose_library_opens_what_we_seal() -> None:
    assert library.decrypt_compact(SEALED, OctKey.import_key(KEY), registry=REGISTRY).plaintext == b"hello"


def test_we_open_what_a_jose_library_seals() -> None:
    made = library.encrypt_compact({"alg": "dir", "enc": "A256GCM", "kid": "k"}, b"hello", OctKey.import_key(KEY), registry=REGISTRY)
    assert jwe.open_direct(KEY, made) == b"hello"


def test_both_directions_with_a_public_key() -> None:
    pair = ECKey.generate_key("P-256")
    public = ECKey.import_key(dict(pair.as_dict(private=False)))
    assert jwe.open_agreed(pair, jwe.seal_to(public, "P-1.a1", CTX, b"hello")) == b"hello"
    theirs = library.encrypt_compact(
        {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": "P-1.a1", "ctx": CTX}, b"hello", public, registry=REGISTRY
    )
    assert jwe.open_agreed(pair, theirs) == b"hello"
    assert jwe.open_agreed(ECKey.generate_key("P-256"), theirs) is None


def test_the_header_tells_whose_it_is() -> None:
    assert header_of(SEALED) == Header("dir", "A256GCM", "P-1.a1", CTX, "f00d")


def test_nothing_is_sealed_alike_twice_and_the_wrong_key_opens_nothing() -> None:
    assert jwe.seal(KEY, "P-1.a1", CTX, b"hello", bytes([7] * 12)) != jwe.seal(KEY, "P-1.a1", CTX, b"hello", IV)
    assert jwe.open_direct(OTHER, SEALED) is None


@pytest.mark.parametrize("part", range(5))
def test_a_change_in_any_part_is_noticed(part: int) -> None:
    parts = SEALED.split(".")
    flipped = parts[part][:-2] + ("AA" if parts[part][-2:] != "AA" else "BB")
    assert jwe.open_direct(KEY, ".".join([*parts[:part], flipped, *parts[part + 1 :]])) is None


@pytest.mark.parametrize("text", ["", "plain", "a.b.c", "....", "a.b.c.d.e", "é.é.é.é.é", SEALED[:-1] + "\n", SEALED + ".x"])
def test_what_is_no_jwe_is_none(text: str) -> None:
    assert jwe.open_direct(KEY, text) is None
    assert jwe.open_agreed(ECKey.generate_key("P-256"), text) is None
