"""The doctor's findings: what is bad says what to do."""

import socket
from pathlib import Path

from cli import examine
from cli.stack import ports
from cli.stack.folder import DataFolder
from journal.settings import Settings


def settings(folder: Path, **values: int) -> Settings:
    return Settings(data_dir=folder, cache_dir=folder / "cache", **values)  # type: ignore[arg-type]


def test_java_that_is_too_old_or_no_java_is_bad(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    for answer, detail in (('openjdk version "11.0.2"', "11.0.2 in"), ("what?", "what? in")):
        java.write_text(f"#!/bin/sh\necho '{answer}' >&2\n")
        java.chmod(0o755)
        found = examine.java(settings(tmp_path).model_copy(update={"java_home": tmp_path}))
        assert not found.ok
        assert found.detail.startswith(detail)
        assert found.advice == "Java 17 or newer is needed"


def test_an_empty_jar_cache_is_no_fault_but_a_download(tmp_path: Path) -> None:
    found = examine.jar_cache(settings(tmp_path))
    assert found.ok
    assert found.detail.endswith("the next start downloads 45 MB")


def test_a_data_folder_in_use_is_named_with_its_owner(tmp_path: Path) -> None:
    assert examine.data_folder(settings(tmp_path)).detail == f"{tmp_path}: free"
    with DataFolder(tmp_path).owned():
        assert "in use by process" in examine.data_folder(settings(tmp_path)).detail


def test_a_taken_port_is_said_to_be_replaced(tmp_path: Path) -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        kafka, api = examine.free_ports(settings(tmp_path, kafka_port=port, api_port=0))
    assert kafka.detail == f"{port} is taken: a start would choose another"
    assert api.detail == "any free one"


def test_the_disk_is_measured_where_the_folder_will_be(tmp_path: Path) -> None:
    found = examine.disk(tmp_path / "not" / "yet")
    assert found.ok
    assert found.detail.endswith(f"free under {tmp_path}")
