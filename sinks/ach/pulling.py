"""Files that a bank lays on its SFTP server: fetched into the inbox once they have stopped growing, each once.

Nothing is deleted there: banks clear their own folders. What was fetched is remembered by name, size and time; should that be forgotten, a
file read twice changes nothing.
"""

import asyncio
import logging
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import asyncssh

from sinks.ach.config import Config, Sftp
from sinks.ach.folders import Folders, sync
from sinks.ach.kinds import ACKNOWLEDGED, NACHA, SETTLED
from sinks.ach.lineage import Lineage

BYTES_MAX = 1_000_000_000
_SECONDS = 60.0
_ENDINGS = (NACHA, SETTLED, ACKNOWLEDGED)
_log = logging.getLogger(__name__)


class Seen(NamedTuple):
    """A file as the server lists it."""

    name: str
    size: int
    changed: int
    """seconds since 1970"""


class Puller:
    """Looks at every bank that has a folder for us."""

    def __init__(self, config: Config, folders: Folders, lineage: Lineage) -> None:
        self._targets = [
            (name, bank.sftp) for name, bank in sorted(config.banks.items()) if bank.sftp is not None and bank.sftp.pull_folder
        ]
        self._folders = folders
        self._lineage = lineage
        self._listed: dict[str, frozenset[Seen]] = {}

    def pull(self) -> list[Path]:
        """Fetch what is new and whole at every bank; where it lies now. A bank that does not answer is told and asked again next time."""
        found: list[Path] = []
        for bank, target in self._targets:
            try:
                found += asyncio.run(asyncio.wait_for(self._pull(bank, target), _SECONDS))
            except (OSError, asyncssh.Error, TimeoutError) as error:
                _log.error("%s gives no files: %s %s", target.host, type(error).__name__, error)
        return found

    async def _pull(self, bank: str, target: Sftp) -> list[Path]:
        connection = asyncssh.connect(
            target.host, target.port, username=target.user, client_keys=[target.key_file], known_hosts=target.known_hosts, config=None
        )
        async with connection as opened, opened.start_sftp_client() as client:
            before, now = self._listed.get(bank, frozenset()), frozenset(await _list(client, target.pull_folder))
            self._listed[bank] = now
            new = [seen for seen in sorted(before & now) if not self._lineage.was_pulled(bank, *seen)]
            return [await self._fetch(client, bank, target, seen) for seen in new]

    async def _fetch(self, client: asyncssh.SFTPClient, bank: str, target: Sftp, seen: Seen) -> Path:
        """One file, under a passing name until it is whole. A name that waits in the inbox already gets the bank's in front."""
        path = self._folders.inbox / seen.name
        if path.exists():
            path = self._folders.inbox / f"{bank}-{seen.changed}-{seen.name}"
        part = path.with_name(f".{path.name}.part")
        await client.get(str(PurePosixPath(target.pull_folder) / seen.name), str(part))
        part.chmod(0o600)
        part.rename(path)
        sync(path.parent)
        self._lineage.add_pulled(bank, *seen)
        _log.info("%s gave %s, %d bytes", target.host, seen.name, seen.size)
        return path


async def _list(client: asyncssh.SFTPClient, folder: str) -> list[Seen]:
    """Files of a kind that the inbox reads; a name that leads elsewhere is none."""
    found = []
    for entry in await client.readdir(folder):
        name, attributes = str(entry.filename), entry.attrs
        plain = name.lower().endswith(_ENDINGS) and not name.startswith(".") and "/" not in name
        if plain and attributes.type == asyncssh.FILEXFER_TYPE_REGULAR and 0 < (attributes.size or 0) <= BYTES_MAX:
            found.append(Seen(name, attributes.size or 0, int(attributes.mtime or 0)))
    return found
