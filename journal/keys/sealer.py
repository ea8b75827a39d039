"""Seals and opens fields of subjects with their data keys."""

import hmac
import secrets
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc.jwk import ECKey

from journal.keys import jwe
from journal.keys.store import DataKey, KeyStore
from ledger.seal import AGREED, context, header_of, subject_of

_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""of P-256 (SEC 2, 2.4.2)"""
_SCALAR_BYTES: Final = 48
"""128 bits more than the order has: the remainder is as good as uniform (FIPS 186-5, A.2.1)"""
_DIGEST_HEX: Final = 32


class Unopened(StrEnum):
    """Why a sealed field was not opened."""

    NOT_SEALED = "not a sealed text of ours"
    MOVED = "sealed for another subject, event or field"
    ERASED = "the subject was erased: the key is destroyed"
    KEY_MISSING = "there is no such key"
    DAMAGED = "the text was changed"


class Sealer:
    """What a process with the keys can do with fields."""

    def __init__(self, store: KeyStore) -> None:
        self.store = store

    def seal(self, subject: str, event_type: str, field: str, plain: bytes) -> str:
        """The field, sealed for its subject and its place; the subject's first key is made when there is none, which waits for Kafka.

        Raises SubjectErasedError and KeyAccessError.
        """
        key = self.store.newest(subject) or self.store.make(subject)
        fp = self.digest(subject, field, plain)
        return jwe.seal(key.key, key.kid, context(event_type, field, subject), plain, secrets.token_bytes(jwe.IV_BYTES), fp)

    def open(self, sealed: str, event_type: str, field: str, subject: str) -> bytes | Unopened:
        """The field in the clear, or why not. Raises KeyAccessError when the master key is not held."""
        header = header_of(sealed)
        if header is None:
            return Unopened.NOT_SEALED
        if header.ctx != context(event_type, field, subject) or subject_of(header.kid) != subject:
            return Unopened.MOVED
        key = self.store.named(header.kid)
        if key is None:
            return Unopened.KEY_MISSING if self.store.erasure(subject) is None else Unopened.ERASED
        plain = jwe.open_agreed(_agreement(key), sealed) if header.alg == AGREED else jwe.open_direct(key.key, sealed)
        return Unopened.DAMAGED if plain is None else plain

    def public_key(self, subject: str) -> dict[str, str]:
        """The public key (JWK, P-256) to which others seal fields of this subject. It is destroyed with the subject's key.

        Raises SubjectErasedError and KeyAccessError.
        """
        key = self.store.newest(subject) or self.store.make(subject)
        return {**_public(_agreement(key)), "kid": key.kid, "use": "enc", "alg": AGREED}

    def digest(self, subject: str, field: str, plain: bytes) -> str:
        """A keyed digest: equal for equal contents of one subject, and worth nothing once the subject's key is destroyed.

        Raises as `seal` does.
        """
        key = self.store.oldest(subject) or self.store.make(subject)
        # a key of its own for the digest, by HMAC as a pseudo-random function: the data key itself serves AES alone
        return hmac.digest(hmac.digest(key.key, b"hms-ach digest", "sha256"), field.encode() + b"|" + plain, "sha256").hex()[:_DIGEST_HEX]


def _agreement(key: DataKey) -> ECKey:
    """The key pair that belongs to a data key."""
    scalar = HKDF(SHA256(), _SCALAR_BYTES, None, b"hms-ach ecdh-es p-256").derive(key.key)
    number = int.from_bytes(scalar) % (_ORDER - 1) + 1
    return ECKey.import_key(ec.derive_private_key(number, ec.SECP256R1()))


def _public(key: ECKey) -> dict[str, str]:
    return {name: str(value) for name, value in key.as_dict(private=False).items() if name in {"kty", "crv", "x", "y"}}
