"""The content of a dead letter, sealed: key, value and headers of a message that was no event may hold anything, personal data too.

The reason stays readable in the letter's own headers; the rest is a JWE that only a holder of the master key opens.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import msgspec
from msgspec import Struct

from journal.keys.house import House, house_of
from journal.keys.masters import Masters, masters_of
from journal.settings import Settings

CTX: Final = "dead.letters.v1"
SEALED: Final = ("hms_sealed", b"jwe")
"""Header of a letter whose content is sealed."""
Headers = Sequence[tuple[str, bytes | None]]
Seal = Callable[[bytes], bytes]
"""Makes of bytes what only the house can open again."""


class Content(Struct, frozen=True, array_like=True):
    """What came in."""

    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]


encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Content).decode


def letter_seal(settings: Settings) -> Seal:
    """Seals with the house's public key, which is read meanwhile. What keeps it from being read comes out of the first call."""
    reading = ThreadPoolExecutor(1, "house-key").submit(house_of, settings)

    def seal(content: bytes) -> bytes:
        return reading.result().seal(CTX, content).encode()

    return seal


def opener(settings: Settings) -> Callable[[bytes | None], Content | None]:
    """Opens the content of letters; None for what was not sealed for the house. Raises KeyAccessError without the master key."""
    house, masters = house_of(settings), masters_of(settings)
    return lambda value: open_with(house, masters, value)


def open_with(house: House, masters: Masters, value: bytes | None) -> Content | None:
    """The content of one letter; None when it cannot be opened."""
    plain = house.open(masters, (value or b"").decode("ascii", "replace"), CTX)
    return None if plain is None else _decode(plain)
