"""Ownership of the embedded engine's data folder: one process at a time, and the second one is told whose it is."""

import fcntl
import os
from pathlib import Path
from typing import Self


class FolderInUseError(Exception):
    """Another process, or another part of this one, has the engine's data folder open. The message is one sentence that names it."""


class FolderLock:
    """An exclusive lock on `<folder>.lock`, which holds the owner's process id. The system gives it free when the owner dies."""

    def __init__(self, folder: Path) -> None:
        """Take the lock. Raises FolderInUseError when it's taken."""
        path = folder.with_name(folder.name + ".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            owner = self._file.read().strip() or "unknown"
            self._file.close()
            raise FolderInUseError(
                f"The ClickHouse data in {folder} is open in process {owner}; the embedded engine allows one process at a time. "
                "Ask that one through its API, or stop it first."
            ) from error
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def release(self) -> None:
        """Give the folder free. Harmless when repeated."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()
