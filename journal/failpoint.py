"""Named failpoints: places where a test build can end the process, to hit exactly the gap that a crash would hit once in a million."""

import os
import signal
from threading import Lock

from journal.settings import Settings

EXIT_CODE = 86
"""Exit code of a process that ended at a failpoint; no other code of ours uses it."""

_seen: dict[str, int] = {}
_lock = Lock()


def hit(settings: Settings, name: str) -> None:
    """End the process at once, as `kill -9` would, when the setting names this failpoint.

    `name:skip` lets the failpoint pass `skip` times first; several are set apart by commas. `stop:name:skip` freezes the process there
    once instead, until it is sent SIGCONT: that makes a zombie of it. Without a setting, as in production, this does nothing.
    """
    if not settings.failpoint:
        return
    for failpoint in settings.failpoint.split(","):
        stop = failpoint.startswith("stop:")
        wanted, _, skip = failpoint.removeprefix("stop:").partition(":")
        if wanted != name:
            continue
        passed = _passed(name) - int(skip or 0)
        if stop and passed == 1:
            os.kill(os.getpid(), signal.SIGSTOP)
        elif passed > 0 and not stop:
            os._exit(EXIT_CODE)


def mutant(settings: Settings, name: str) -> bool:
    """Whether the test build is asked to behave wrongly in this way (`mutant:<name>`), so that the crash proof can prove itself."""
    return f"mutant:{name}" in settings.failpoint.split(",")


def _passed(name: str) -> int:
    with _lock:
        _seen[name] = _seen.get(name, 0) + 1
        return _seen[name]
