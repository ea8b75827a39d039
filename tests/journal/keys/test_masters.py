"""The master key: made once, kept from others' eyes, rotated, and refused with one clear line."""

import stat
from base64 import b64encode
from pathlib import Path

import pytest

from journal.keys.masters import HeldMasters, KeyAccessError, file_of, forget_in_file, masters_of, read_file, rotate_file
from journal.settings import Settings
from tests.journal.keys.memory import FIRST, SECOND


def settings(folder: Path, **more: str) -> Settings:
    return Settings.model_validate({"data_dir": folder, **more})


def test_the_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = masters_of(settings(tmp_path))
    path = file_of(settings(tmp_path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    wrapped = first.wrap(b"key", "about")
    assert masters_of(settings(tmp_path)).unwrap(wrapped, "about") == b"key"
    assert [file.name for file in path.parent.iterdir()] == ["master.json"]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660, 0o604])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    masters_of(settings(tmp_path))
    file_of(settings(tmp_path)).chmod(mode)
    with pytest.raises(KeyAccessError, match="may be read by others"):
        masters_of(settings(tmp_path))


@pytest.mark.parametrize("content", ["", "[]", '{"current":"m1","keys":{}}', '{"current":"m1","keys":{"m1":"c2hvcnQ="}}'])
def test_a_damaged_file_is_refused_without_its_content(tmp_path: Path, content: str) -> None:
    masters_of(settings(tmp_path))
    file_of(settings(tmp_path)).write_text(content)
    with pytest.raises(KeyAccessError, match="is not a file of master keys"):
        masters_of(settings(tmp_path))


def test_rotation_keeps_the_older_key_until_it_is_forgotten(tmp_path: Path) -> None:
    before = masters_of(settings(tmp_path)).wrap(b"key", "about")
    path = file_of(settings(tmp_path))
    assert rotate_file(path) == "m2"
    assert masters_of(settings(tmp_path)).current == "m2"
    assert masters_of(settings(tmp_path)).unwrap(before, "about") == b"key"
    assert forget_in_file(path) == ["m1"]
    assert masters_of(settings(tmp_path)).unwrap(before, "about") is None
    assert list(read_file(path)) == ["m2"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_rotation_counts_at_once_in_a_process_that_runs(tmp_path: Path) -> None:
    running = masters_of(settings(tmp_path))
    old = running.wrap(b"key", "about")
    rotate_file(file_of(settings(tmp_path)))
    assert running.current == "m2"
    assert running.wrap(b"key", "about").master == "m2"
    assert running.unwrap(old, "about") == b"key"


def test_keys_of_the_environment_need_no_file(tmp_path: Path) -> None:
    text = f"new={b64encode(SECOND).decode()},old={b64encode(FIRST).decode()}"
    held = masters_of(settings(tmp_path, master_keys=text))
    assert held.current == "new"
    assert held.unwrap(HeldMasters({"old": FIRST}).wrap(b"key", "about"), "about") == b"key"
    assert not file_of(settings(tmp_path)).exists()
    assert text not in repr(settings(tmp_path, master_keys=text))


@pytest.mark.parametrize("text", ["new", "new=short", "new=!!!!"])
def test_unusable_keys_of_the_environment_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeyAccessError, match="HMS_MASTER_KEYS"):
        masters_of(settings(tmp_path, master_keys=text))


def test_what_was_wrapped_for_one_name_is_not_unwrapped_for_another() -> None:
    held = HeldMasters({"m1": FIRST})
    wrapped = held.wrap(b"key", "P-1.a")
    assert held.unwrap(wrapped, "P-2.a") is None
    assert HeldMasters({"m1": SECOND}).unwrap(wrapped, "P-1.a") is None
    assert held.unwrap(wrapped._replace(wrapped=b"short"), "P-1.a") is None
