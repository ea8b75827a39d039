"""Where identity is kept: one folder of small files, each readable by its owner alone."""

import os
import secrets
import stat
from pathlib import Path
from typing import Final

_OWNER_ALONE: Final = 0o600
_OTHERS: Final = 0o077


class SecretError(Exception):
    """A file that must be secret is missing, unreadable, or not secret. The message is for the operator."""


class IdentityFolder:
    """Paths inside the folder. Nothing is made before something is written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ca = root / "ca.crt"
        self.ca_key = root / "ca.key"
        self.server = root / "server.crt"
        self.server_key = root / "server.key"
        self.certificates = root / "clients"
        self.registry = root / "clients.json"
        self.signing = root / "signing"
        self.links = root / "links"
        self.sessions = root / "sessions"
        self.asked = root / "asked"
        self.used = root / "used"
        self.trail = root / "trail"

    def certificate(self, name: str) -> Path:
        """A client's certificate; its key lies beside it."""
        return self.certificates / f"{name}.crt"

    def curl(self, name: str) -> Path:
        """A file that tells curl (`-K`) the client's certificate and key."""
        return self.certificates / f"{name}.curl"

    def key(self, name: str) -> Path:
        """A client's private key."""
        return self.certificates / f"{name}.key"


def write_secret(path: Path, content: bytes) -> None:
    """Write a file at once, readable by its owner alone: a reader sees the old content or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_secret(path: Path) -> bytes:
    """The content of a secret file. Raises SecretError when it is missing, or when others than its owner can reach it."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & _OTHERS:
                raise SecretError(f"{path} can be reached by others (mode {mode:04o}): chmod 600 it, and replace it if it was exposed")
            return file.read()
    except OSError as error:
        raise SecretError(f"{path} cannot be read: {error.strerror}") from error
