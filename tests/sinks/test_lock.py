"""One owner of the embedded engine's folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sinks.clickhouse.lock import FolderInUseError, FolderLock


def test_the_second_is_told_who_the_first_is(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "clickhouse"
    with FolderLock(folder):
        with pytest.raises(FolderInUseError, match=rf"{folder} is open in process {os.getpid()};"):
            FolderLock(folder)
        program = f"from pathlib import Path\nfrom sinks.clickhouse.lock import FolderLock\nFolderLock(Path({str(folder)!r}))"
        other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert f"open in process {os.getpid()};" in other.stderr
    FolderLock(folder).release()


def test_an_owner_that_died_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "clickhouse"
    taking = f"from pathlib import Path\nfrom sinks.clickhouse.lock import FolderLock\nlock = FolderLock(Path({str(folder)!r}))"
    program = f"import os\n{taking}\nos._exit(9)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 9
    with FolderLock(folder) as lock:
        lock.release()
