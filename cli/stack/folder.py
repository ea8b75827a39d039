"""The stack's data folder: who owns it, what lies where, and whether there is room."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from cli.errors import UserError

SPACE_BYTES_MIN = 512 * 1024 * 1024


class DataFolder:
    """Paths inside one data folder. Nothing is created until it is owned."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.kafka = self.root / "kafka"
        self.logs = self.root / "logs"
        self.state = self.root / "stack.json"
        self.lock = self.root / "owner.lock"

    @contextlib.contextmanager
    def owned(self, space_bytes_min: int = SPACE_BYTES_MIN) -> Iterator[None]:
        """Own the folder until the block ends. Refused when another process owns it or the disk is nearly full.

        The kernel drops the lock with the process, however it ends, so a lock is never stale.
        """
        self._create()
        require_space(self.root, space_bytes_min)
        with self.lock.open("a+b") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError(
                    f"The data folder {self.root} is in use by process {self.owner() or '(just starting)'}: stop that one, "
                    "or give this one another folder with HMS_DATA_DIR."
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()).encode())
            lock.flush()
            try:
                yield
            finally:
                lock.truncate(0)

    def owner(self) -> int | None:
        """Process id of the present owner, or None when nobody owns the folder."""
        try:
            with self.lock.open("rb") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return int(lock.read() or 0) or None
        except FileNotFoundError:
            pass
        return None

    def _create(self) -> None:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
        except OSError as error:
            raise UserError(f"The data folder {self.root} cannot be created: {error.strerror}.") from error


def require_space(path: Path, bytes_min: int, setting: str = "HMS_DATA_DIR") -> None:
    """Refuses when the disk under `path`, which `setting` names, has less than `bytes_min` bytes left for an ordinary user."""
    free = shutil.disk_usage(path).free
    if free < bytes_min:
        raise UserError(
            f"No disk space: {path} has {free // 2**20:,} MiB free and at least {bytes_min // 2**20:,} MiB are needed; "
            f"free some, or choose another folder with {setting}."
        )
