"""The whole embedded stack as `hms-ach up` starts it, in a folder of its own, with the CPU time and memory of every process."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cli.client import connect
from cli.environment import running_settings
from cli.stack import state
from cli.stack.folder import DataFolder
from cli.stack.stack import api_is_ready
from journal.topics import CLOCK

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
READY_S = 120.0


class Usage(NamedTuple):
    """User and system seconds since the process started, and resident memory in bytes."""

    cpu_s: float
    rss: int


class Running:
    """A stack that is up. Processes are named as the supervisor names them."""

    def __init__(self, folder: DataFolder, process: "subprocess.Popen[bytes]") -> None:
        self._folder = folder
        self._process = process

    def stop(self) -> None:
        """Orderly stop; harmless when repeated. Its data stays until the folder goes."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)

    def wait_stored(self, inputs: int, limit_s: float = 120.0) -> None:
        """Wait until so many inputs, the clock's left out, are answered in ClickHouse."""
        deadline = time.monotonic() + limit_s
        with connect(running_settings(data_dir=self._folder.root), 30) as client:
            while True:
                rows = client.get("/api/v1/audit/outcomes").json()["rows"]
                stored = sum(count for topic, _, count in rows if topic != CLOCK)
                if stored >= inputs:
                    return
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{stored} of {inputs} inputs are stored")
                time.sleep(0.2)

    @property
    def folder(self) -> Path:
        """Where its data is."""
        return self._folder.root

    @property
    def state(self) -> state.StackState:
        """What the stack says of itself now."""
        found = state.read(self._folder)
        if found is None:
            raise RuntimeError("the stack is down")
        return found

    def usage(self) -> dict[str, Usage]:
        """CPU time and memory of every process of the stack."""
        return {child.name: _usage(child.pid) for child in self.state.children if child.pid is not None}

    def files(self) -> dict[str, int]:
        """Open handles of every process of the stack. Left out are files in the data folder, where ClickHouse opens its parts and Kafka
        its segments, and the three counters in /proc that ClickHouse keeps open for each thread of its pool."""
        return {
            child.name: _handles(child.pid, (self._folder.root, Path("/proc"))) for child in self.state.children if child.pid is not None
        }

    def pid(self, name: str) -> int:
        """Process id of one child."""
        found = next(child.pid for child in self.state.children if child.name == name)
        assert found is not None
        return found


def _handles(pid: int, left_out: Sequence[Path]) -> int:
    """Sockets, pipes and files of a process that are not in these folders."""
    count = 0
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            count += not any(map(handle.readlink().is_relative_to, left_out))
    return count


def _usage(pid: int) -> Usage:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return Usage((int(fields[11]) + int(fields[12])) / _TICK, int(fields[21]) * _PAGE)


@contextlib.contextmanager
def running(workers: int = 2, settings: Mapping[str, str] | None = None, kept: Path | None = None) -> Iterator[Running]:
    """Start everything on free ports, and stop it at the end. `settings` are further `HMS_` variables, `kept` a folder that stays."""
    with contextlib.ExitStack() as stack:
        name = str(kept) if kept else stack.enter_context(tempfile.TemporaryDirectory(prefix="hms-ach-bench-"))
        folder = DataFolder(Path(name))
        environment = {
            **os.environ,
            "HMS_DATA_DIR": name,
            "HMS_WORKERS": str(workers),
            "HMS_LOG_LEVEL": "WARNING",
            **(settings or {}),
        }
        command = [sys.executable, "-c", "from cli.main import main; main()", "up", "--json"]
        with (Path(name) / "up.log").open("wb") as log:
            process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=log, stdin=subprocess.DEVNULL)
        up = Running(folder, process)
        try:
            _wait_until_up(process, folder, Path(name) / "up.log")
            yield up
        finally:
            up.stop()


def _wait_until_up(process: subprocess.Popen[bytes], folder: DataFolder, log: Path) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the stack did not start: {log.read_text()[-2000:]}")
        found = state.read(folder)
        if found is not None and found.api_url and len(found.children) > 2 and api_is_ready(running_settings(data_dir=folder.root)):
            return
        time.sleep(0.2)
    raise RuntimeError("the stack was not ready in time")
