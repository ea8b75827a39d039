"""One child process of the stack: how it is started, watched and stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")


@dataclass(frozen=True)
class ChildSpec:
    """What a child is: its name, absolute command and additional environment.

    Stages start in rising order and stop in falling order; an orderly stop may take `stop_seconds`. One that
    `may_finish` is not started again after exit code 0.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    stage: int = 0
    stop_seconds: float = 4.0
    may_finish: bool = False


class Child:
    """A running (or ended) process of a spec. Its output goes to a log file opened for appending.

    Start it from a thread that lives as long as the child should: the kernel takes the starting *thread's* end for the
    parent's death.
    """

    def __init__(self, spec: ChildSpec, log: Path) -> None:
        self.spec = spec
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process id while it runs or is not yet polled, else None."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    def start(self) -> None:
        """Start the process in a process group of its own, so that Ctrl-C in a terminal reaches the supervisor alone."""
        command = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *self.spec.command]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.spec.environment},
                start_new_session=True,
            )

    def exit_code(self) -> int | None:
        """Exit code once it has ended (negative: the signal that ended it), None while it runs."""
        return self._process.poll() if self._process is not None else None

    def ask_to_stop(self) -> None:
        """Send SIGTERM; harmless when it has already ended."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL to the child and whatever it started, and reap it."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within `seconds`."""
        if self._process is None:
            return True
        try:
            self._process.wait(max(seconds, 0.0))
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> int | None:
        """Orderly stop: SIGTERM, `stop_seconds` to finish, then SIGKILL. The exit code; None if it was never started."""
        deadline = time.monotonic() + self.spec.stop_seconds
        self.ask_to_stop()
        if not self.wait(deadline - time.monotonic()):
            self.kill()
        return self.exit_code()

    def last_lines(self, count: int = 15) -> list[str]:
        """The last lines of its log, from at most 64 KiB; empty when nothing was written."""
        if not self.log.exists():
            return []
        with self.log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(0, size - 65_536))
            return log.read().decode(errors="replace").splitlines()[-count:]

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        if number is signal.SIGKILL:
            os.killpg(self._process.pid, number)
        else:
            self._process.send_signal(number)
