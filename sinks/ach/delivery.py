"""Files on their way to the bank: into the outbox, encrypted if the bank wants it, and pushed by SFTP if it takes them so."""

import asyncio
import logging
from pathlib import Path, PurePosixPath

import asyncssh
import pyrage  # type: ignore[import-untyped]

from sinks.ach.config import Bank, Config, Sftp
from sinks.ach.folders import Folders, place

ENCRYPTED = ".age"
_SECONDS = 60.0
_log = logging.getLogger(__name__)


class DeliveryError(Exception):
    """The bank does not take a file now: one sentence that says why. The cut stands; it is tried again."""


class Courier:
    """Delivers files. Delivering one again changes nothing."""

    def __init__(self, config: Config, folders: Folders) -> None:
        self._config = config
        self._folders = folders

    def deliver(self, bank: str, name: str, content: bytes) -> Path:
        """Put a file into the outbox, and to the bank if it is pushed; where it lies.

        An encrypted file is never the same twice, so one that is there stays. DeliveryError when the bank cannot be reached.
        """
        known = self._config.banks.get(bank)
        if known is None:
            raise DeliveryError(f"the configuration no longer knows bank {bank}, for which files were cut")
        if known.age_recipients:
            path = self._folders.outbox / f"{name}{ENCRYPTED}"
            if not path.exists():
                place(path, encrypted(known, content))
        else:
            path = self._folders.outbox / name
            place(path, content)
        if known.sftp is not None:
            push(known.sftp, path)
        return path


def encrypted(bank: Bank, content: bytes) -> bytes:
    """The content, for the bank's age keys alone. DeliveryError when a key is none."""
    try:
        recipients = [pyrage.x25519.Recipient.from_str(text) for text in bank.age_recipients]
    except pyrage.RecipientError as error:
        raise DeliveryError(f"an age recipient of the bank is none: {error}") from None
    return bytes(pyrage.encrypt(content, recipients))


def push(target: Sftp, path: Path) -> None:
    """Upload a file under a passing name, then give it its own. One of the same size that is there stays. DeliveryError when it fails."""
    try:
        asyncio.run(asyncio.wait_for(_push(target, path, path.stat().st_size), _SECONDS))
    except (OSError, asyncssh.Error, TimeoutError) as error:
        raise DeliveryError(f"{target.host} does not take {path.name}: {type(error).__name__} {error}") from None
    _log.info("%s is with %s", path.name, target.host)


async def _push(target: Sftp, path: Path, size: int) -> None:
    connection = asyncssh.connect(
        target.host, target.port, username=target.user, client_keys=[target.key_file], known_hosts=target.known_hosts, config=None
    )
    async with connection as opened, opened.start_sftp_client() as client:
        name = str(PurePosixPath(target.folder) / path.name)
        if await client.exists(name):
            if (await client.stat(name)).size == size:
                return
            raise DeliveryError(f"{target.host} has another file under the name {path.name}")
        part = f"{name}.part"
        if await client.exists(part):
            await client.remove(part)
        await client.put(str(path), part)
        await client.rename(part, name)
