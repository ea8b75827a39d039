"""What belongs to a secret that a browser holds: files of one folder, named by the secret's SHA-256, so every process on it knows them.

Nothing that opens a door is kept.
"""

import hashlib
import re
import secrets
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

import msgspec

from api.auth.folder import SecretError, read_secret, write_secret

_SWEEP_S: Final = 60.0
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class Ending(Protocol):
    """A value that is good until a Unix second."""

    @property
    def until_s(self) -> float:
        """When it ends."""


Value = TypeVar("Value", bound=Ending)


class Held(Generic[Value]):
    """Values of one kind in one folder, each until it ends or is taken."""

    def __init__(self, folder: Path, kind: type[Value]) -> None:
        self._folder = folder
        self._kind = kind
        self._swept_s = 0.0

    def put(self, value: Value, now_s: float) -> str:
        """Keep a value; the secret that leads to it comes back and is kept nowhere."""
        self._sweep(now_s)
        token = secrets.token_urlsafe(32)
        write_secret(self._path(token), msgspec.json.encode(value))
        return token

    def get(self, token: str, now_s: float) -> Value | None:
        """The value while it lasts."""
        found = self._decoded(self._path(token)) if _TOKEN.fullmatch(token) else None
        return found if found is not None and now_s < found.until_s else None

    def take(self, token: str) -> bool:
        """Whether it was this call that removed the value: of two that try at once, one succeeds."""
        if not _TOKEN.fullmatch(token):
            return False
        try:
            self._path(token).unlink()
        except FileNotFoundError:
            return False
        return True

    def _sweep(self, now_s: float) -> None:
        """Remove what has ended, once a minute: whoever may put may do so often, and every file is read."""
        if now_s - self._swept_s < _SWEEP_S:
            return
        self._swept_s = now_s
        for path in self._folder.glob("*.json"):
            found = self._decoded(path)
            if found is not None and found.until_s < now_s:
                path.unlink(missing_ok=True)

    def _path(self, token: str) -> Path:
        return self._folder / f"{hashlib.sha256(token.encode()).hexdigest()}.json"

    def _decoded(self, path: Path) -> Value | None:
        try:
            content = read_secret(path)
        except SecretError:
            if path.exists():
                raise
            return None  # it was never there, or somebody takes or sweeps it at this moment
        return msgspec.json.decode(content, type=self._kind)
