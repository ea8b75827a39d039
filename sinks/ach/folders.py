"""The rail's folders, and files that are there whole or not at all."""

import os
from pathlib import Path

PART = ".part"


class Folders:
    """`data_dir/ach`: `outbox` for the bank to fetch, `inbox` for what it sends, `archive` for what was read of it."""

    def __init__(self, data_dir: Path) -> None:
        self.root = data_dir / "ach"
        self.outbox = self.root / "outbox"
        self.inbox = self.root / "inbox"
        self.archive = self.root / "archive"
        self.lineage = self.root / "lineage.db"

    def prepare(self) -> None:
        """Make what is missing; others on the machine may not look inside."""
        for folder in (self.root, self.outbox, self.inbox, self.archive):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def place(path: Path, content: bytes) -> bool:
    """Put a whole file under this name, on the disk before it is seen. False when the same file is there already.

    FileExistsError when the name is taken by other content: nothing is ever overwritten.
    """
    if path.exists():
        if path.read_bytes() == content:
            return False
        raise FileExistsError(f"{path.name} is there already with other content")
    part = path.with_name(f".{path.name}{PART}")
    with part.open("wb") as file:
        part.chmod(0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    sync(path.parent)
    return True


def move(path: Path, folder: Path, name: str) -> Path:
    """Move a file into a folder of the same file system; a name that is taken gets a number."""
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{Path(name).stem}.{number}{Path(name).suffix}"
    path.rename(target)
    sync(folder)
    return target


def sync(folder: Path) -> None:
    """Make names in this folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
