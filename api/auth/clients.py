"""The clients that are known: what each may do, for which hospitals, and how it proves itself."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from pathlib import Path
from typing import Any, Final

import msgspec

from api.auth.folder import IdentityFolder, read_secret, write_secret
from api.auth.principal import Principal
from api.auth.scopes import Scope

NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SALT_BYTES: Final = 16
_SCRYPT: Final = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 2**20}


class Certificate(msgspec.Struct, frozen=True):
    """A certificate that a client may come with. Several may be valid at once, so that one can follow another."""

    thumbprint: str
    expires: str


class Client(msgspec.Struct, frozen=True):
    """One client. `jwks` are public keys for `private_key_jwt`; `secret` is scrypt's hash, for development alone."""

    name: str
    scopes: tuple[str, ...]
    hospitals: tuple[str, ...] | None = None
    certificates: tuple[Certificate, ...] = ()
    jwks: tuple[dict[str, Any], ...] = ()
    secret: str = ""
    revoked: bool = False

    def principal(self) -> Principal:
        """What it may do at most."""
        hospitals = None if self.hospitals is None else frozenset(self.hospitals)
        return Principal("client", self.name, frozenset(Scope(scope) for scope in self.scopes), hospitals)

    def comes_with(self, thumbprint: str) -> bool:
        """Whether the certificate is one of its own."""
        return any(hmac.compare_digest(thumbprint, own.thumbprint) for own in self.certificates)


class Clients:
    """The registry: one file, read again when it has changed, so that whoever is revoked is out at the next request."""

    def __init__(self, folder: IdentityFolder) -> None:
        self._path = folder.registry
        self._stamp: tuple[int, int, int] | None = None
        self._found: dict[str, Client] = {}
        self._revoked: frozenset[str] = frozenset()

    def get(self, name: str) -> Client | None:
        """The client of this name; None for one that is unknown or revoked."""
        found = self.all().get(name)
        return None if found is None or found.revoked else found

    def all(self) -> dict[str, Client]:
        """Every client by its name, revoked ones too. Raises SecretError when the file is not secret."""
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            self._found = _read(self._path) if stamp else {}
            self._revoked = frozenset(own.thumbprint for client in self._found.values() if client.revoked for own in client.certificates)
            self._stamp = stamp
        return self._found

    def turned_away(self, thumbprint: str) -> bool:
        """Whether the certificate belongs to a client that was revoked."""
        self.all()
        return thumbprint in self._revoked

    def put(self, client: Client) -> None:
        """Add a client, or replace the one of the same name."""
        kept = {**self.all(), client.name: client}
        write_secret(self._path, msgspec.json.format(msgspec.json.encode(list(kept.values())), indent=1))


def new_secret() -> tuple[str, str]:
    """A new client secret, and what is kept of it."""
    secret = secrets.token_urlsafe(32)
    salt = secrets.token_bytes(_SALT_BYTES)
    return secret, base64.b64encode(salt + _scrypt(secret, salt)).decode()


def secret_fits(secret: str, kept: str) -> bool:
    """Whether a secret is the one of which `kept` was kept. Takes some 50 ms, on purpose."""
    try:
        raw = base64.b64decode(kept, validate=True)
    except binascii.Error:
        return False
    return len(raw) > _SALT_BYTES and hmac.compare_digest(raw[_SALT_BYTES:], _scrypt(secret, raw[:_SALT_BYTES]))


def _scrypt(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, **_SCRYPT)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _read(path: Path) -> dict[str, Client]:
    return {client.name: client for client in msgspec.json.decode(read_secret(path), type=list[Client])}
