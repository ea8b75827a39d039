"""Settings survive the way through a child's environment; what is no setting is noticed."""

import os
from pathlib import Path

import pytest

from cli.environment import load_settings, running_settings, to_environment, unknown_names
from cli.stack import state
from cli.stack.folder import DataFolder


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in unknown_names({}) + list(to_environment(load_settings())):
        monkeypatch.delenv(name, raising=False)


def test_a_child_reads_what_its_parent_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(
        data_dir=tmp_path, kafka_options={"security.protocol": "SSL", "ssl.ca.location": "/ca.pem"}, workers=3, failpoint="after-journal:2"
    )
    for name, value in to_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert load_settings() == settings


def test_a_relative_data_folder_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert to_environment(load_settings())["HMS_DATA_DIR"] == str(tmp_path / ".data")


def test_a_misspelt_setting_is_noticed() -> None:
    assert unknown_names({"HMS_WORKERS": "2", "HMS_WORKRES": "2", "hms_partitions": "4", "PATH": "/bin"}) == ["HMS_WORKRES"]


@pytest.mark.parametrize(("named", "port"), [("", 20_123), ("8093", 20_123), ("9000", 9000)], ids=["none", "the taken one", "another"])
def test_commands_find_a_stack_whose_port_was_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, port: int) -> None:
    """The port that the stack was told to take is not where it answers; another one is another API."""
    if named:
        monkeypatch.setenv("HMS_API_PORT", named)
    folder = DataFolder(tmp_path)
    with folder.owned(0):
        moved = state.StackState(os.getpid(), 0.0, "127.0.0.1:19092", "https://127.0.0.1:20123", wanted_port=8093)
        state.write(folder.state, moved)
        assert running_settings(data_dir=tmp_path).api_port == port
