"""The examinations of `hms-ach doctor`: each looks at one thing and says what it found and what to do."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from cli.errors import UserError
from cli.stack import jars, ports, state
from cli.stack.folder import SPACE_BYTES_MIN, DataFolder
from cli.stack.java import java_executable
from journal.settings import Settings

_JAVA_MAJOR_MIN = 17
_MEMORY_BYTES_MIN = 2 * 2**30


class Finding(NamedTuple):
    """One line of the doctor: subject, verdict, what was seen, and what to do when it is bad."""

    subject: str
    ok: bool
    detail: str
    advice: str = ""


def examine(settings: Settings) -> tuple[Finding, ...]:
    """All findings, in the order in which a start would meet them."""
    return (python(), java(settings), jar_cache(settings), disk(settings.data_dir), memory(), data_folder(settings), *free_ports(settings))


def python() -> Finding:
    """Python's version and platform."""
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return Finding("Python", sys.version_info >= (3, 11), found, "" if sys.version_info >= (3, 11) else "use Python 3.11 or newer")


def java(settings: Settings) -> Finding:
    """Whether there is a Java runtime that starts, and its version."""
    try:
        executable = java_executable(settings.java_home)
    except UserError as error:
        return Finding("Java", False, "none", str(error))
    answer = subprocess.run([str(executable), "-version"], capture_output=True, text=True, check=False)
    first = (answer.stderr.splitlines() or ["no answer"])[0]
    version = first.partition('"')[2].partition('"')[0]
    good = answer.returncode == 0 and int(version.partition(".")[0] or 0) >= _JAVA_MAJOR_MIN
    return Finding(
        "Java", good, f"{version or first} in {executable.parent.parent}", "" if good else f"Java {_JAVA_MAJOR_MIN} or newer is needed"
    )


def jar_cache(settings: Settings) -> Finding:
    """Whether Kafka's jars are cached; every byte is compared with the locked hashes."""
    folder, locked = jars.folder_in(settings.cache_dir), jars.locked_jars()
    absent = jars.missing(folder, locked)
    if not absent:
        return Finding("Kafka's jars", True, f"all {len(locked)} in {folder}, as locked")
    size = sum(jar.size_bytes for jar in absent) / 1e6
    return Finding("Kafka's jars", True, f"{len(absent)} of {len(locked)} are not in {folder}: the next start downloads {size:.0f} MB")


def disk(folder: Path) -> Finding:
    """Free space under the data folder."""
    existing = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    good = free >= SPACE_BYTES_MIN
    return Finding("disk", good, f"{free / 2**30:,.1f} GiB free under {existing}", "" if good else "free some, or set HMS_DATA_DIR")


def memory() -> Finding:
    """Physical memory: broker, two workers, API and engine take about 1.5 GiB."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    good = total >= _MEMORY_BYTES_MIN
    return Finding("memory", good, f"{total / 2**30:,.1f} GiB", "" if good else f"at least {_MEMORY_BYTES_MIN / 2**30:.0f} GiB are needed")


def data_folder(settings: Settings) -> Finding:
    """Who owns the data folder."""
    folder = DataFolder(settings.data_dir)
    owner = folder.owner()
    running = f"in use by process {owner}, see `hms-ach status`" if owner else "free"
    return Finding("data folder", True, f"{folder.root}: {running}")


def free_ports(settings: Settings) -> tuple[Finding, ...]:
    """The preferred ports. A taken one is not bad: the start takes another."""
    running = state.read(DataFolder(settings.data_dir))
    ours = f"{running.kafka_bootstrap} {running.api_url}" if running else ""
    return tuple(_port(name, port, ours) for name, port in (("Kafka port", settings.kafka_port), ("API port", settings.api_port)))


def _port(name: str, port: int, ours: str) -> Finding:
    if port == 0:
        return Finding(name, True, "any free one")
    if str(port) in ours.replace(":", " ").split():
        return Finding(name, True, f"{port} used by the stack that runs here")
    return Finding(name, True, f"{port} is free" if ports.is_free(port) else f"{port} is taken: a start would choose another")
