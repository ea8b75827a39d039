"""Where the signing secrets are kept: a file of one secret a line, its owner's alone; the first line is the newest."""

import os
import stat
from pathlib import Path
from typing import Final

from sinks.webhooks.signing import Secret, SecretError, new_pair, new_shared, parse

NAME: Final = "webhook.secrets"
_SECRETS_MAX = 8


class SecretsError(Exception):
    """The file cannot be used; one sentence that says why."""


def load(path: Path) -> list[Secret]:
    """The secrets in force. Lines that are blank or begin with # are passed over. Raises SecretsError."""
    try:
        mode = path.stat().st_mode
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretsError(f"{path} cannot be read: {type(error).__name__}") from None
    if stat.S_IMODE(mode) & 0o077:
        raise SecretsError(f"{path} can be read by others (mode {stat.S_IMODE(mode):04o}); chmod 600 it")
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            try:
                found.append(parse(line.strip()))
            except SecretError as error:
                raise SecretsError(f"{path}, line {number}: {error}") from None
    if not 1 <= len(found) <= _SECRETS_MAX:
        raise SecretsError(f"{path} holds {len(found)} secrets; one to {_SECRETS_MAX} are wanted")
    return found


def load_or_make(path: Path) -> list[Secret]:
    """The secrets; where there is no file yet, one with a new shared secret and a new key pair. Raises SecretsError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{new_shared()}\n{new_pair()}\n")
    except FileExistsError:
        pass
    return load(path)
