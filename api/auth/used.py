"""What is good once: names that were used, kept as files until they would have ended by themselves.

Every process on the folder sees them, and so does one that starts anew.
"""

import hashlib
import os
import secrets
from pathlib import Path

_SWEEP_S = 60.0


class Used:
    """Names of one folder. It is made with the first one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._swept_s = 0.0

    def first(self, name: str, until_s: float, now_s: float) -> bool:
        """Whether this is the first use of the name: of two at once, in whatever processes, one is. It is remembered until then.

        Raises OSError when that cannot be written down.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep(now_s)
        path = self._folder / hashlib.sha256(name.encode()).hexdigest()
        made = self._folder / f".{secrets.token_hex(8)}"
        made.touch(mode=0o600, exist_ok=False)
        try:
            os.utime(made, (until_s, until_s))
            os.link(made, path)  # refused where the name is; a rename would take its place
        except FileExistsError:
            return False
        finally:
            made.unlink(missing_ok=True)
        return True

    def _sweep(self, now_s: float) -> None:
        """Forget what has ended, once a minute."""
        if now_s - self._swept_s < _SWEEP_S:
            return
        self._swept_s = now_s
        for path in self._folder.iterdir():
            try:
                if not path.name.startswith(".") and path.stat().st_mtime < now_s:
                    path.unlink()
            except FileNotFoundError:
                continue  # another process swept it
