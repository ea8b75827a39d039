"""The data folder: one owner, room on the disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.errors import UserError
from cli.stack.folder import DataFolder


def test_one_owner_at_a_time_and_none_after_the_block(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    assert folder.owner() is None
    with folder.owned():
        assert folder.owner() == os.getpid()
        with pytest.raises(UserError, match=rf"in use by process {os.getpid()}: stop that one"), DataFolder(folder.root).owned():
            pass
    assert folder.owner() is None


def test_a_killed_owner_leaves_no_lock_behind(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from cli.stack.folder import DataFolder\n"
        "with DataFolder(Path(sys.argv[1])).owned(): os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    with DataFolder(tmp_path).owned():
        assert DataFolder(tmp_path).owner() == os.getpid()


def test_a_disk_without_room_is_refused_with_what_is_there_and_what_is_needed(tmp_path: Path) -> None:
    with (
        pytest.raises(UserError, match=r"No disk space: .* has [\d,]+ MiB free and at least [\d,]+ MiB are needed"),
        DataFolder(tmp_path).owned(space_bytes_min=2**60),
    ):
        pass


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be created: Not a directory"), DataFolder(tmp_path / "file" / "data").owned():
        pass
