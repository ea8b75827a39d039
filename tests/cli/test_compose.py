"""docker-compose.yml against the code: its settings are settings, its commands exist, its images are pinned."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.auth.folder import IdentityFolder
from cli.environment import PREFIX, load_settings, unknown_names
from cli.stack.kafka import MESSAGE_BYTES_MAX
from journal.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
BOUGHT = {name: service for name, service in SERVICES.items() if name not in OURS}


def environment(service: dict[str, Any]) -> dict[str, str]:
    """A service's variables with every `${NAME:?…}` filled in."""
    return {name: re.sub(r"\$\{\w+:\?[^}]*\}", "secret", value) for name, value in service["environment"].items()}


def settings_of(service: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    for name, value in environment(service).items():
        monkeypatch.setenv(name, value)
    return load_settings()


def python_words(command: list[str]) -> list[str]:
    """What follows `python -m` in a command, also inside `sh -c`."""
    words = " ".join(command).split()
    return words[words.index("-m") + 1 :]


def test_there_is_everything_that_runs() -> None:
    assert set(BOUGHT) == {"kafka", "clickhouse", "grafana"}
    assert set(OURS) == {"topics", "worker", "windows", "sink", "identity", "api", "webhooks", "notifications"}


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting_and_its_value_is_accepted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert unknown_names(OURS[name]["environment"]) == []
    assert all(variable.startswith(PREFIX) for variable in OURS[name]["environment"])
    settings = settings_of(OURS[name], monkeypatch)
    assert settings.failpoint == ""
    assert settings.clickhouse_dsn.startswith("clickhouse://hms:secret@")


def test_all_agree_on_partitions_database_and_replication(monkeypatch: pytest.MonkeyPatch) -> None:
    common = {
        (settings.partitions, settings.clickhouse_database, settings.kafka_replication)
        for settings in (settings_of(service, monkeypatch) for service in OURS.values())
    }
    assert len(common) == 1


@pytest.mark.parametrize("name", OURS)
def test_every_command_exists(name: str) -> None:
    module, *words = python_words(OURS[name]["command"])
    assert importlib.util.find_spec(module) is not None, f"there is no module {module}"
    if words:
        shown = subprocess.run([sys.executable, "-m", module, *words, "--help"], capture_output=True, text=True, check=False)
        assert shown.returncode == 0, shown.stderr


def test_the_api_answers_on_the_hosts_loopback_alone_and_finds_what_is_published_there(monkeypatch: pytest.MonkeyPatch) -> None:
    api = settings_of(OURS["api"], monkeypatch)
    assert OURS["api"]["network_mode"] == "host"
    assert api.api_host == "127.0.0.1"
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert f"{api.kafka_bootstrap}:19092" in published
    assert any(port.rpartition(":")[0] in api.clickhouse_dsn for port in published)
    assert f"https://127.0.0.1:{api.api_port}/readyz" in str(OURS["api"]["healthcheck"])
    assert api.auth == "on"
    assert str(IdentityFolder(api.identity_folder()).ca) in str(OURS["api"]["healthcheck"])
    assert OURS["api"]["volumes"] == OURS["identity"]["volumes"]
    assert settings_of(OURS["identity"], monkeypatch).identity_folder() == api.identity_folder()


def test_kafka_is_reached_where_it_says_it_is_and_takes_the_largest_message(monkeypatch: pytest.MonkeyPatch) -> None:
    kafka = environment(BOUGHT["kafka"])
    advertised = dict(listener.split("://") for listener in kafka["KAFKA_ADVERTISED_LISTENERS"].split(","))
    assert settings_of(OURS["worker"], monkeypatch).kafka_bootstrap == advertised["INTERNAL"]
    assert settings_of(OURS["api"], monkeypatch).kafka_bootstrap == advertised["HOST"]
    assert int(kafka["KAFKA_MESSAGE_MAX_BYTES"]) == MESSAGE_BYTES_MAX
    assert kafka["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_workers_scale_because_their_static_names_differ() -> None:
    worker = OURS["worker"]
    assert "container_name" not in worker
    assert "HMS_WORKER_HOST=$$(hostname)" in worker["command"][-1]
    assert "HMS_WORKER_HOST" not in worker["environment"]


def test_who_opens_personal_data_has_the_master_key_and_a_worker_has_none() -> None:
    """The house's key is made with the topics, so that no other process makes one under a key of its own."""
    holders = {name for name, service in OURS.items() if "HMS_MASTER_KEYS" in service["environment"]}
    assert holders == {"topics", "api", "notifications"}
    for name in set(OURS) - {"topics", "identity"}:
        assert OURS[name]["depends_on"]["topics"] == {"condition": "service_completed_successfully"}


def test_images_are_official_and_pinned_by_version() -> None:
    images = {name: service["image"] for name, service in BOUGHT.items()}
    assert images["kafka"] == "apache/kafka:4.3.1"
    assert re.fullmatch(r"clickhouse/clickhouse-server:\d+\.\d+\.\d+\.\d+", images["clickhouse"])
    bases = re.findall(r"^FROM (\S+)", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    assert bases
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base) for base in bases)


def test_the_image_holds_every_package_and_locked_requirements_only() -> None:
    copied = set(re.findall(r"^COPY --chown=root:root (\w+) /app/", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE))
    listed = re.search(r"^packages = \[(.*)\]", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert listed is not None
    assert copied == set(re.findall(r'"(\w+)"', listed.group(1)))
    locked = re.findall(r"^\S+==\S+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert set(re.findall(r"^\S+==\S+", (ROOT / "deploy" / "requirements.lock").read_text(), re.MULTILINE)) <= set(locked)


@pytest.mark.live
def test_the_clickhouse_server_is_of_the_embedded_engines_release() -> None:
    program = "import chdb; print(chdb.query('SELECT version()', 'TabSeparated'))"  # in a process of its own: the engine stays loaded
    version = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert BOUGHT["clickhouse"]["image"].partition(":")[2].split(".")[:2] == version.strip().split(".")[:2]
