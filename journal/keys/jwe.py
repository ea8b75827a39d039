"""JWE in compact serialization (RFC 7516), put together by hand for `dir` with A256GCM; `ECDH-ES+A256KW` is left to joserfc.

By hand it costs a few microseconds a field. Nothing here raises on a text that somebody else made: what cannot be opened is None.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ledger.seal import AGREED, DIRECT, ENCRYPTION, header_of

KEY_BYTES: Final = 32
IV_BYTES: Final = 12
_TAG_BYTES: Final = 16
_ALGORITHMS: Final = [AGREED, ENCRYPTION]


class _Registry(jwe.JWERegistry):
    """The two algorithms alone; a dead letter may be as large as Kafka lets it be."""

    max_ciphertext_length = 16_000_000


_REGISTRY: Final = _Registry(algorithms=_ALGORITHMS, strict_check_header=False)
_json = msgspec.json.Encoder().encode


def seal(key: bytes, kid: str, ctx: str, plain: bytes, iv: bytes, fp: str = "") -> str:
    """The plaintext under a data key of 32 bytes. `iv` is 12 random bytes, never used before with this key (NIST SP 800-38D, 8.2.2)."""
    header = {"alg": DIRECT, "enc": ENCRYPTION, "kid": kid, "ctx": ctx}
    if fp:
        header["fp"] = fp
    head = _b64(_json(header))
    sealed = AESGCM(key).encrypt(iv, plain, head)
    return b".".join((head, b"", _b64(iv), _b64(sealed[:-_TAG_BYTES]), _b64(sealed[-_TAG_BYTES:]))).decode()


def open_direct(key: bytes, sealed: str) -> bytes | None:
    """What `seal` sealed; None for the wrong key or a text that was changed anywhere, its header included."""
    try:
        head, encrypted_key, iv, text, tag = sealed.encode().split(b".")
        if encrypted_key:
            return None
        return AESGCM(key).decrypt(_raw(iv), _raw(text) + _raw(tag), head)
    except (ValueError, Base64Error, InvalidTag):
        return None


def seal_to(public: ECKey, kid: str, ctx: str, plain: bytes) -> str:
    """The plaintext for whoever holds the private part of a P-256 key."""
    header = {"alg": AGREED, "enc": ENCRYPTION, "kid": kid, "ctx": ctx}
    return jwe.encrypt_compact(header, plain, public, registry=_REGISTRY)


def open_agreed(private: ECKey, sealed: str) -> bytes | None:
    """What `seal_to` sealed, or any JOSE library; None when this key does not open it."""
    header = header_of(sealed)
    if header is None or header.alg != AGREED or header.enc != ENCRYPTION:
        return None
    try:
        return jwe.decrypt_compact(sealed, private, registry=_REGISTRY).plaintext
    except (JoseError, ValueError, InvalidTag):
        return None


def _b64(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")


def _raw(text: bytes) -> bytes:
    return urlsafe_b64decode(text + b"=" * (-len(text) % 4))
