"""The trail of what was done and what was refused: who, what, when, from where. One JSON line each, a file a day, appended to for ever."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

_OWNER_ALONE: Final = 0o600


class Act(NamedTuple):
    """One line. `route` is the template, so that no payment's or person's id gets in by way of an address that was refused."""

    who: str
    role: str
    method: str
    route: str
    status: int
    why: str
    address: str
    request_id: str
    about: str = ""


class Trail:
    """Appends to a folder. Several processes may: each line is one write. `now_s` is the clock."""

    def __init__(self, folder: Path, now_s: Callable[[], float]) -> None:
        self._folder = folder
        self._now_s = now_s
        self._day = ""
        self._file = -1

    def write(self, act: Act) -> None:
        """One line more. Raises OSError when it cannot be written: then nothing may be done either."""
        at = datetime.fromtimestamp(self._now_s(), UTC)
        day = at.date().isoformat()
        if day != self._day:
            self._open(day)
        line = {"at": at.isoformat(timespec="milliseconds"), **{name: value for name, value in act._asdict().items() if value != ""}}
        os.write(self._file, msgspec.json.encode(line) + b"\n")

    def close(self) -> None:
        """Close the day's file."""
        if self._file >= 0:
            os.close(self._file)
        self._file, self._day = -1, ""

    def _open(self, day: str) -> None:
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.open(self._folder / f"{day}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, _OWNER_ALONE)
        self._day = day
