"""The master key, which wraps all other keys: a port, and two ways to have one.

A cloud's key service fits behind the same two calls, `wrap` and `unwrap`: then the master key never is in this process.
"""

import os
import secrets
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from journal.keys.jwe import KEY_BYTES
from journal.settings import Settings

_IV_BYTES: Final = 12
_OTHERS: Final = 0o077


class KeyAccessError(Exception):
    """The master key cannot be had, or does not open what it should; one sentence says why and what to do."""


class Wrapped(NamedTuple):
    """A key under a master key: the master's name, and the bytes."""

    master: str
    wrapped: bytes


class Masters(Protocol):
    """Wraps and unwraps keys. `about` is the name of the wrapped key: what was wrapped for one is not unwrapped for another."""

    @property
    def current(self) -> str:
        """Name of the master key that wraps new keys."""

    def wrap(self, key: bytes, about: str) -> Wrapped:
        """The key under the current master key."""

    def unwrap(self, wrapped: Wrapped, about: str) -> bytes | None:
        """The key; None when this master key is not held or does not open it."""


class HeldMasters:
    """Master keys in this process's memory: AES-256-GCM, the first one wraps."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = dict(keys)
        self.current = next(iter(keys))

    def wrap(self, key: bytes, about: str) -> Wrapped:
        """The key under the current master key."""
        iv = secrets.token_bytes(_IV_BYTES)
        return Wrapped(self.current, iv + AESGCM(self._keys[self.current]).encrypt(iv, key, about.encode()))

    def unwrap(self, wrapped: Wrapped, about: str) -> bytes | None:
        """The key; None when it cannot be had."""
        master = self._keys.get(wrapped.master)
        if master is None:
            return None
        try:
            return AESGCM(master).decrypt(wrapped.wrapped[:_IV_BYTES], wrapped.wrapped[_IV_BYTES:], about.encode())
        except (InvalidTag, ValueError):
            return None


class FileMasters:
    """Master keys of a file. A file that was written anew counts from the next call on, so that a rotation needs no restart."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held = HeldMasters(read_file(path))
        self._written_ns = path.stat().st_mtime_ns

    @property
    def current(self) -> str:
        """Name of the master key that wraps new keys."""
        return self._fresh().current

    def wrap(self, key: bytes, about: str) -> Wrapped:
        """The key under the current master key."""
        return self._fresh().wrap(key, about)

    def unwrap(self, wrapped: Wrapped, about: str) -> bytes | None:
        """The key; None when it cannot be had."""
        return self._fresh().unwrap(wrapped, about)

    def _fresh(self) -> HeldMasters:
        """The keys as the file has them now; as they were while it cannot be looked at."""
        try:
            written_ns = self._path.stat().st_mtime_ns
        except OSError:
            return self._held
        if written_ns != self._written_ns:
            self._held, self._written_ns = HeldMasters(read_file(self._path)), written_ns
        return self._held


class _File(Struct, frozen=True):
    current: str
    keys: dict[str, str]


def masters_of(settings: Settings) -> Masters:
    """The master keys of these settings: from `HMS_MASTER_KEYS`, else from the file, which is made when there is none.

    Raises KeyAccessError.
    """
    named = settings.master_keys.get_secret_value()
    return HeldMasters(_named(named)) if named else FileMasters(file_of(settings))


def file_of(settings: Settings) -> Path:
    """Where the file with the master keys is."""
    return settings.master_key_file or settings.data_dir / "keys" / "master.json"


def read_file(path: Path) -> dict[str, bytes]:
    """The keys in the file, the current one first. Raises KeyAccessError, also when others than its owner may read it."""
    try:
        if not path.exists():
            _create(path)
        if path.stat().st_mode & _OTHERS:
            raise KeyAccessError(f"{path} holds the master key and may be read by others; `chmod 600 {path}` and rotate it.")
        found = msgspec.json.decode(path.read_bytes(), type=_File)
        keys = {name: _key(text) for name, text in found.keys.items()}
        return {found.current: keys[found.current], **keys}
    except OSError as error:
        raise KeyAccessError(f"The master key in {path} cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, KeyError, ValueError) as error:
        raise KeyAccessError(f"{path} is not a file of master keys.") from error


def rotate_file(path: Path) -> str:
    """A new master key, in force for whoever reads the file from now on; the older ones stay for what they wrapped. Its name."""
    held = read_file(path)
    number = 1 + max(int(name[1:]) for name in held if name[1:].isdigit())
    name = f"m{number}"
    _write(path, _File(name, {name: _text(secrets.token_bytes(KEY_BYTES)), **{each: _text(key) for each, key in held.items()}}))
    return name


def forget_in_file(path: Path) -> list[str]:
    """Take all master keys but the current one out of the file, once nothing is wrapped by them. Their names."""
    held = read_file(path)
    current, *older = held
    _write(path, _File(current, {current: _text(held[current])}))
    return older


def _named(text: str) -> dict[str, bytes]:
    """`name=key,name=key`, the current one first, keys in base64."""
    try:
        return {name: _key(key) for name, _, key in (part.strip().partition("=") for part in text.split(","))}
    except ValueError as error:
        raise KeyAccessError("HMS_MASTER_KEYS must be name=key,…, the current one first, each key 32 bytes in base64.") from error


def _key(text: str) -> bytes:
    try:
        raw = b64decode(text, validate=True)
    except Base64Error as error:
        raise ValueError("not base64") from error
    if len(raw) != KEY_BYTES:
        raise ValueError("not 32 bytes")
    return raw


def _text(key: bytes) -> str:
    return b64encode(key).decode()


def _create(path: Path) -> None:
    """Make the file; another process that makes it at the same time wins or loses as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _drafted(path, _File("m1", {"m1": _text(secrets.token_bytes(KEY_BYTES))}))
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # the other process's key is the one
    finally:
        draft.unlink()


def _write(path: Path, content: _File) -> None:
    _drafted(path, content).replace(path)


def _drafted(path: Path, content: _File) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.encode(content))
        file.flush()
        os.fsync(file.fileno())
    return draft
