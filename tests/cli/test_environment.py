"""Settings survive the way through a child's environment; what is no setting is noticed."""

from pathlib import Path

import pytest

from cli.environment import load_settings, to_environment, unknown_names


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
