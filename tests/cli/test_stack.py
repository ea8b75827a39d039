"""A whole stack as a process: real Kafka, small workers and a small API."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.environment import running_settings
from cli.stack import state
from cli.stack.broker import kafka_answers
from cli.stack.folder import DataFolder
from journal import topics

pytestmark = pytest.mark.live


class RunningStack:
    """The process and what it said when it was ready."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "tests.cli.small_stack", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.said: dict[str, Any] = json.loads(line) if line else {}

    @property
    def pids(self) -> list[int]:
        return [pid for name, pid in self.said["children"].items() if name != "simulator"]

    def close(self) -> str:
        """SIGTERM, the end awaited; what was said on standard error."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.communicate(timeout=60)[1]


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[RunningStack]:
    running = RunningStack(tmp_path)
    try:
        assert running.said, running.close()
        yield running
    finally:
        running.close()


def eventually(holds: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or ") Z " in stat.read_text()


def test_everything_comes_up_is_told_where_kafka_is_and_stops_within_10_seconds(stack: RunningStack) -> None:
    assert sorted(stack.said["children"]) == ["api", "broker", "simulator", "windows", "worker-0", "worker-1"]
    assert eventually(lambda: (stack.folder / "worker-1.seen").exists())
    assert (stack.folder / "worker-1.seen").read_text() == f"{stack.said['kafka']} {stack.folder}"
    settings = running_settings(data_dir=stack.folder, partitions=2)
    assert settings.kafka_bootstrap == stack.said["kafka"]
    assert topics.check(settings) == []
    begun = time.monotonic()
    stack.process.terminate()
    stack.process.terminate()  # a second one changes nothing
    told = stack.close()
    assert time.monotonic() - begun < 10
    assert stack.process.returncode == 0
    assert [line for line in told.splitlines() if "simulator" not in line] == [
        f"Kafka answers at {stack.said['kafka']}.",
        "Use case 5.1: account CR-1",
        "Stopping.",
    ]
    assert all(is_gone(pid) for pid in stack.pids)
    assert state.read(DataFolder(stack.folder)) is None
    assert not (stack.folder / "stack.json").exists()


def test_a_killed_broker_and_a_killed_worker_come_back(stack: RunningStack) -> None:
    children = stack.said["children"]
    os.kill(children["broker"], signal.SIGKILL)
    os.kill(children["worker-0"], signal.SIGKILL)

    def back() -> bool:
        running = state.read(DataFolder(stack.folder))
        started = {child.name: child.restarts for child in running.children} if running else {}
        return started["broker"] == started["worker-0"] == 1 and kafka_answers({"bootstrap.servers": stack.said["kafka"]})

    assert eventually(back)


def test_a_second_stack_on_the_folder_is_told_who_owns_it(stack: RunningStack) -> None:
    second = RunningStack(stack.folder)
    assert f"in use by process {stack.process.pid}" in second.close()
    assert second.process.returncode == 1


def test_a_killed_supervisor_leaves_no_orphan_and_a_folder_that_starts_again(stack: RunningStack) -> None:
    stack.process.kill()
    stack.process.wait()
    assert eventually(lambda: all(is_gone(pid) for pid in stack.pids), 30)
    assert state.read(DataFolder(stack.folder)) is None
    again = RunningStack(stack.folder)
    assert again.said["children"]["broker"], again.close()
    again.close()
