"""Log files that do not grow without end."""

import os
import shutil
from pathlib import Path

BYTES_MAX = 10 * 1024 * 1024


def rotate(log: Path, bytes_max: int = BYTES_MAX) -> bool:
    """Copy a log over `<name>.1` and empty it once it holds more than `bytes_max`. Whether it did.

    The writer keeps its open file: it appends, so it goes on at the emptied file's beginning. Lines written between
    the copy and the emptying are lost, which logs can bear.
    """
    if not log.exists() or log.stat().st_size <= bytes_max:
        return False
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)
    return True
