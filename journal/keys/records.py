"""What lies in the key topics: wrapped keys, erasures, the house's own key pair. A record's key names it, so compaction keeps the last."""

from typing import Final

import msgspec
from msgspec import Struct

from journal.keys.masters import Wrapped

KEY: Final = "key"
ERASED: Final = "erased"
HOUSE: Final = "house"
_SEPARATOR: Final = "|"
"""stands in no token (`ledger.envelope.Token`)"""


class WrappedKey(Struct, frozen=True, array_like=True, gc=False):
    """A version of a subject's data key under a master key."""

    master: str
    wrapped: bytes
    made_ms: int

    def envelope(self) -> Wrapped:
        """What the master key opens."""
        return Wrapped(self.master, self.wrapped)


class Erasure(Struct, frozen=True, array_like=True, gc=False):
    """A subject's keys were destroyed, at whose word. It stays: the subject gets no new key."""

    at_ms: int
    by: str
    ticket: str = ""


class HouseKey(Struct, frozen=True, array_like=True):
    """The key pair that others seal to before they know a subject's key, and dead letters are sealed to. The private part is wrapped."""

    public: dict[str, str]
    master: str
    wrapped: bytes
    made_ms: int

    def envelope(self) -> Wrapped:
        """What the master key opens."""
        return Wrapped(self.master, self.wrapped)


encode = msgspec.json.Encoder().encode
decode_key = msgspec.json.Decoder(WrappedKey).decode
decode_erasure = msgspec.json.Decoder(Erasure).decode
decode_house = msgspec.json.Decoder(HouseKey).decode


def name(kind: str, about: str) -> bytes:
    """The record's key."""
    return f"{kind}{_SEPARATOR}{about}".encode()


def named(key: bytes) -> tuple[str, str]:
    """Kind and what it is about."""
    kind, _, about = key.decode("utf-8", "replace").partition(_SEPARATOR)
    return kind, about
