"""The pipeline under test as real processes in a folder of its own: broker, workers, ClickHouse sink. Each can be killed or frozen."""

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from bench.chaos.hosts import OneHost
from cli.environment import python_module, to_environment
from cli.errors import UserError
from cli.stack.broker import Broker
from cli.stack.child import Child, ChildSpec
from journal import topics
from journal.settings import Settings

SINK = "sink"
_DEATHS_MAX = 10
_DEATHS_WITHIN_S = 60.0
"""more deaths than that of one process in such a time, and the run is given up: it will not come back. The proof itself lets one die at a
failpoint every few seconds, for as long as it lasts"""


class Death(NamedTuple):
    """A process that ended without being told to."""

    name: str
    exit_code: int
    at_s: float
    """of the monotonic clock"""


class Pipeline:
    """`with Pipeline(folder, …) as pipeline:` runs everything; `tend` starts the dead again, as a supervisor would.

    `options` are settings of every process; `failpoint` is given to every worker, or to the sink when its name begins so.
    `hosts` tells where each process runs.
    """

    def __init__(
        self,
        folder: Path,
        *,
        workers: int,
        sink: bool,
        failpoint: str = "",
        options: Mapping[str, Any] | None = None,
        hosts: OneHost | None = None,
    ) -> None:
        self.folder = folder
        self.deaths: list[Death] = []
        self._hosts = hosts or OneHost()
        self._broker = Broker(folder, address=self._hosts.address)
        self._options = dict(options or {})
        self._names = [*([SINK] if sink else []), *(worker_name(index) for index in range(workers))]
        self._failpoint = failpoint
        self._children: dict[str, Child] = {}
        self._frozen: set[str] = set()
        self._down: set[str] = set()

    @property
    def settings(self) -> Settings:
        """What the processes share."""
        return Settings(data_dir=self.folder, kafka_bootstrap=self._broker.bootstrap, **self._options)

    @property
    def workers(self) -> list[str]:
        """Workers that are to be running, frozen ones left out."""
        return [name for name in self._children if name not in {SINK, *self._down, *self._frozen}]

    def start(self, name: str, failpoint: str | None = None) -> None:
        """Start one process, new or dead, with a failpoint of its own or everybody's."""
        if failpoint is None:
            failpoint = self._failpoint if is_for(self._failpoint, name) else ""
        settings = self.settings.model_copy(update={"failpoint": failpoint, "worker_index": 0 if name == SINK else int(name[1:])})
        module = "sinks.clickhouse" if name == SINK else "streams.worker"
        spec = ChildSpec(name, (*self._hosts.command(name), *python_module(module)), to_environment(settings), stop_seconds=20.0)
        self._children[name] = Child(spec, self.folder / "logs" / f"{name}.log")
        self._children[name].start()
        self._down.discard(name)

    def tend(self) -> None:
        """Start again what has died. Raises UserError for a process that keeps dying."""
        for name, child in list(self._children.items()):
            code = child.exit_code()
            if code is None or name in self._down:
                continue
            now_s = time.monotonic()
            self.deaths.append(Death(name, code, now_s))
            self._frozen.discard(name)
            if sum(death.name == name and now_s - death.at_s < _DEATHS_WITHIN_S for death in self.deaths) > _DEATHS_MAX:
                raise UserError(f"{name} keeps dying; the end of its log:\n" + "\n".join(child.last_lines(40)))
            self.start(name)

    def is_running(self, name: str) -> bool:
        """Whether the process lives."""
        return name in self._children and self._children[name].exit_code() is None

    def is_frozen(self, name: str) -> bool:
        """Whether the process is stopped, by us or by itself."""
        pid = self._children[name].pid
        return pid is not None and self.is_running(name) and os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None

    def kill(self, name: str) -> None:
        """SIGKILL; `start` brings it back."""
        self._down.add(name)
        self._children[name].kill()
        self._frozen.discard(name)

    def stop(self, name: str) -> float:
        """SIGTERM and wait; the seconds it took. Raises UserError when it had to be killed."""
        began = time.monotonic()
        self._down.add(name)
        code = self._children[name].stop()
        if code is not None and code < 0:
            raise UserError(f"{name} did not stop by itself; the end of its log:\n" + "\n".join(self._children[name].last_lines(40)))
        return time.monotonic() - began

    def stop_all(self) -> None:
        """SIGKILL of everything but Kafka, for good."""
        for name in self._children:
            self.kill(name)

    def freeze(self, name: str) -> None:
        """SIGSTOP: to the others it is dead, to itself no time passes."""
        self._signal(name, signal.SIGSTOP)
        self._frozen.add(name)

    def thaw(self, name: str) -> None:
        """SIGCONT."""
        self._signal(name, signal.SIGCONT)
        self._frozen.discard(name)

    def last_words(self, lines: int = 150) -> str:
        """The end of every process's log, the workers' with the stacks of what they are doing just now."""
        for name in self.workers:
            if self.is_running(name):
                self._signal(name, signal.SIGUSR1)
        time.sleep(1)  # a worker whose event loop stands writes nothing: that is an answer too
        return "\n".join(f"-- {name}\n" + "\n".join(child.last_lines(lines)) for name, child in self._children.items())

    def kill_broker(self) -> None:
        """SIGKILL of Kafka."""
        self._broker.kill()

    def start_broker(self) -> None:
        """Kafka again, on the same data and port; waits until it answers."""
        self._broker.start()

    def reconfigure(self, **options: Any) -> None:
        """Settings for what is started from now on."""
        self._options |= options
        self._failpoint = ""

    def __enter__(self) -> Self:
        try:
            self._broker.start()
            topics.apply(self.settings)
            for name in self._names:
                self.start(name)
        except BaseException:  # an interrupt too leaves no process behind
            self.close()
            raise
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End every process."""
        for child in self._children.values():
            child.kill()
        self._broker.kill()
        self._broker.stop()

    def _signal(self, name: str, number: signal.Signals) -> None:
        pid = self._children[name].pid
        assert pid is not None
        os.kill(pid, number)


def worker_name(index: int) -> str:
    """Name of a worker."""
    return f"w{index}"


def is_for(failpoint: str, name: str) -> bool:
    """Whether a failpoint concerns this process: the sink's are named `sink-…`, the others are the workers'."""
    return ("sink-" in failpoint) == (name == SINK)
