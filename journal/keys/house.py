"""The house's own key pair: dead letters are sealed to it, and fields of persons whose own key the sender does not have yet.

Whoever writes letters needs the public half alone, so a worker holds no key that opens anything.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from confluent_kafka import KafkaException
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey

from journal.keys import jwe, records
from journal.keys.log import KeyLog
from journal.keys.masters import KeyAccessError, Masters, masters_of
from journal.keys.records import HouseKey
from journal.settings import Settings
from journal.topics import HOUSE_KEYS
from ledger.seal import AGREED, header_of

_READS_S: Final = 30.0
SUBJECT: Final = "house"
Seal = Callable[[bytes], bytes]
"""Makes of bytes what only the house can open."""


class House(NamedTuple):
    """All key pairs, the newest last, by name."""

    keys: dict[str, HouseKey]

    def public_key(self) -> dict[str, str]:
        """The newest public key, as a JWK."""
        kid, key = list(self.keys.items())[-1]
        return {**key.public, "kid": kid, "use": "enc", "alg": AGREED}

    def seal(self, ctx: str, plain: bytes) -> str:
        """Bytes that only the house can open again."""
        kid, key = list(self.keys.items())[-1]
        return jwe.seal_to(ECKey.import_key(dict(key.public)), kid, ctx, plain)

    def open(self, masters: Masters, sealed: str, ctx: str) -> bytes | None:
        """What was sealed for the house under this `ctx`; None for anything else. Raises KeyAccessError without the master key."""
        header = header_of(sealed)
        key = self.keys.get(header.kid) if header is not None and header.ctx == ctx else None
        return None if header is None or key is None else jwe.open_agreed(private_key(masters, header.kid, key), sealed)


def house_of(settings: Settings) -> House:
    """The house's keys; the first one is made when there is none, which takes the master key. Raises KeyAccessError."""
    log = KeyLog(settings, HOUSE_KEYS)
    try:
        found = _read(log)
        if not found:
            kid, key = made(masters_of(settings))
            log.write({records.name(records.HOUSE, kid): records.encode(key)})
            found = _read(log)  # another process may have been first: all use what the topic says
        return House(found)
    finally:
        log.close()


class LateHouse:
    """The house's keys, read in a thread until that succeeds; whoever asks before is told so with KeyAccessError."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._house: House | None = None
        threading.Thread(target=self._read, name="house-keys", daemon=True).start()

    def __call__(self) -> House:
        """The keys."""
        if self._house is None:
            raise KeyAccessError("The house's keys are still being read.")
        return self._house

    def _read(self) -> None:
        while self._house is None:
            try:
                self._house = house_of(self._settings)
            except (KafkaException, KeyAccessError) as error:
                logging.getLogger(__name__).warning("the house's keys are read again: %s", error)
                time.sleep(1)


def rewrap(settings: Settings, masters: Masters) -> int:
    """Wrap the house's keys with the current master key; how many were under an older one."""
    log = KeyLog(settings, HOUSE_KEYS)
    try:
        old = {kid: key for kid, key in _read(log).items() if key.master != masters.current}
        page: dict[bytes, bytes | None] = {}
        for kid, key in old.items():
            wrapped = masters.wrap(_unwrapped(masters, kid, key), kid)
            page[records.name(records.HOUSE, kid)] = records.encode(HouseKey(key.public, *wrapped, key.made_ms))
        log.write(page)
        return len(old)
    finally:
        log.close()


def private_key(masters: Masters, kid: str, key: HouseKey) -> ECKey:
    """The private half. Raises KeyAccessError when the master key does not give it."""
    return ECKey.import_key(_unwrapped(masters, kid, key))


def _unwrapped(masters: Masters, kid: str, key: HouseKey) -> bytes:
    private = masters.unwrap(key.envelope(), kid)
    if private is None:
        raise KeyAccessError(f"The house's key is wrapped by master key {key.master}, which is not held here or is not the same one.")
    return private


def made(masters: Masters) -> tuple[str, HouseKey]:
    """A new key pair and its name."""
    made_ms = time.time_ns() // 1_000_000
    kid = f"{SUBJECT}.{made_ms:x}"
    pair = ECKey.generate_key("P-256")
    private = pair.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # type: ignore[union-attr]
    public = {name: str(value) for name, value in pair.as_dict(private=False).items() if name in {"kty", "crv", "x", "y"}}
    return kid, HouseKey(public, *masters.wrap(private, kid), made_ms)


def _read(log: KeyLog) -> dict[str, HouseKey]:
    """What the topic holds, the oldest key first."""
    end, deadline = log.end(), time.monotonic() + _READS_S
    found: dict[str, HouseKey] = {}
    while log.next_offset < end:
        for name, value in log.read(0.1):
            kind, kid = records.named(name)
            if kind == records.HOUSE and value is not None:
                found[kid] = records.decode_house(value)
        if time.monotonic() > deadline:
            raise KeyAccessError("The topic of the house's keys cannot be read in time; is Kafka well?")
    return dict(sorted(found.items(), key=lambda item: (item[1].made_ms, item[0])))
