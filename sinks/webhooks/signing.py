"""Signatures after Standard Webhooks 1.0, over `{id}.{timestamp}.{body}`: HMAC-SHA256 (`v1`) and Ed25519 (`v1a`).

While secrets are changed every active one signs, and the receiver accepts whichever it knows.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Sequence
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

SYMMETRIC: Final = "whsec_"
PRIVATE: Final = "whsk_"
PUBLIC: Final = "whpk_"
_KEY_BYTES_MIN, _KEY_BYTES_MAX = 24, 64
_SEED_BYTES = 32


class SecretError(ValueError):
    """A line that is no secret of ours; the message never holds it."""


class Shared(NamedTuple):
    """A secret that the receiver has too."""

    key: bytes

    def sign(self, content: bytes) -> str:
        """The signature as the header carries it."""
        return "v1," + _text(hmac.digest(self.key, content, "sha256"))

    def __repr__(self) -> str:
        return "Shared(…)"


class Pair(NamedTuple):
    """A key pair: we sign with the private key, the receiver needs the public one alone."""

    private: Ed25519PrivateKey

    def sign(self, content: bytes) -> str:
        """The signature as the header carries it."""
        return "v1a," + _text(self.private.sign(content))

    @property
    def public(self) -> str:
        """What the receiver is given."""
        return PUBLIC + _text(self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


Secret = Shared | Pair


def parse(line: str) -> Secret:
    """The secret in a line, `whsec_` or `whsk_` and base64. Raises SecretError."""
    for prefix in (SYMMETRIC, PRIVATE):
        if line.startswith(prefix):
            key = _bytes(line.removeprefix(prefix))
            break
    else:
        raise SecretError(f"a signing secret begins with {SYMMETRIC} or {PRIVATE}")
    if prefix == SYMMETRIC:
        if not _KEY_BYTES_MIN <= len(key) <= _KEY_BYTES_MAX:
            raise SecretError(f"a {SYMMETRIC} secret has {_KEY_BYTES_MIN} to {_KEY_BYTES_MAX} bytes, not {len(key)}")
        return Shared(key)
    if len(key) not in (_SEED_BYTES, 2 * _SEED_BYTES):  # the seed, or seed and public key as libsodium writes them
        raise SecretError(f"a {PRIVATE} secret has {_SEED_BYTES} or {2 * _SEED_BYTES} bytes, not {len(key)}")
    return Pair(Ed25519PrivateKey.from_private_bytes(key[:_SEED_BYTES]))


def new_shared() -> str:
    """A new secret to share, as a line."""
    return SYMMETRIC + _text(secrets.token_bytes(32))


def new_pair() -> str:
    """A new private key, as a line."""
    return PRIVATE + _text(Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))


def headers(secrets_in_force: Sequence[Secret], webhook_id: str, timestamp_s: int, body: bytes) -> list[tuple[bytes, bytes]]:
    """The three headers of a webhook: its id, when it is sent, and a signature of every secret."""
    content = f"{webhook_id}.{timestamp_s}.".encode() + body
    signatures = " ".join(secret.sign(content) for secret in secrets_in_force)
    return [
        (b"webhook-id", webhook_id.encode()),
        (b"webhook-timestamp", str(timestamp_s).encode()),
        (b"webhook-signature", signatures.encode()),
    ]


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise SecretError("a signing secret is base64 behind its prefix") from None
