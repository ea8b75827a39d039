"""A real Apache Kafka broker in a folder, started and stopped like a value: `with Broker(folder) as broker: …`."""

import contextlib
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from cli.errors import UserError
from cli.stack import jars, ports
from cli.stack.child import Child, ChildSpec
from cli.stack.folder import DataFolder
from cli.stack.java import java_executable
from cli.stack.kafka import Node
from cli.stack.ports import Ports

DEFAULT_CACHE = Path("~/.cache/hms-ach")
READY_SECONDS_MAX = 120.0  # 3 s on an idle machine; a dead broker is noticed at once


class Broker:
    """One broker on one data folder. It owns the folder from `start` to `stop`.

    Start it from a thread that outlives it (see `Child`). With `port` 0 free ports are chosen; a `port` that is taken
    gives way to a free one. Clients are answered at `address`, this machine's loopback unless a test has a network of its own.
    """

    def __init__(
        self, root: Path, port: int = 0, *, cache: Path = DEFAULT_CACHE, java_home: Path | None = None, address: str = ports.LOOPBACK
    ) -> None:
        self._folder = DataFolder(root)
        self._port = port
        self._cache = cache
        self._java_home = java_home
        self._address = address
        self._owned: contextlib.ExitStack | None = None
        self._child: Child | None = None

    @property
    def bootstrap(self) -> str:
        """`host:port` for clients; known once it has been started, and kept by later starts while the port is free."""
        assert self._child is not None, "the broker was never started"
        return f"{self._address}:{self._port}"

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._child.pid if self._child is not None else None

    @property
    def log(self) -> Path:
        """The broker's own log file."""
        return self._folder.logs / "broker.log"

    def start(self) -> None:
        """Start and wait until clients are answered; data of an earlier run is kept.

        Refused with one sentence: folder in use, no disk space, no Java, jars unreachable, or a broker that dies.
        """
        try:
            if self._owned is None:
                self._prepare()
            assert self._child is not None
            self._child.start()
            self._wait_until_ready(self._child)
        except BaseException:  # an interrupt too leaves no process behind
            self.stop()
            raise

    def stop(self) -> None:
        """Orderly stop, by force after ten seconds; gives the folder free. Harmless when it does not run."""
        if self._child is not None:
            self._child.stop()
        if self._owned is not None:
            self._owned.close()
            self._owned = None

    def kill(self) -> None:
        """SIGKILL, for crash tests; the folder stays owned, `start` goes on from what is there."""
        assert self._child is not None, "the broker was never started"
        self._child.kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _prepare(self) -> None:
        with contextlib.ExitStack() as owned:
            owned.enter_context(self._folder.owned())
            claimed = owned.enter_context(Ports())
            java = java_executable(self._java_home)
            node = prepare_node(self._folder, claimed, self._port, java, jars.fetch(self._cache), self._address)
            self._port = node.port
            self._child = Child(broker_spec(node, stop_seconds=10.0), self.log)
            self._owned = owned.pop_all()

    def _wait_until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not kafka_answers({"bootstrap.servers": self.bootstrap}):
            if child.exit_code() is not None or time.monotonic() > deadline:
                raise UserError(f"The Kafka broker did not start; the end of {self.log}:\n" + "\n".join(child.last_lines()))
            time.sleep(0.05)


def prepare_node(
    folder: DataFolder,
    claimed: Ports,
    port: int,
    java: Path,
    class_path: tuple[Path, ...],
    address: str = ports.LOOPBACK,
    compiler: str = "quick",
) -> Node:
    """Claim the two ports, write the configuration, and format the folder if it is new."""
    chosen = claimed.choose(port)
    node = Node(folder.kafka, chosen, claimed.choose(chosen + 1), java, class_path, address, compiler)
    node.write_properties()
    if not node.is_formatted():
        formatted = subprocess.run(node.format_command(), capture_output=True, text=True, check=False)
        if formatted.returncode != 0:
            raise UserError(f"Kafka could not format {folder.kafka}: {_last_line(formatted.stderr or formatted.stdout)}")
    return node


def broker_spec(node: Node, stop_seconds: float = 4.0) -> ChildSpec:
    """The broker as a child process, the first stage of a stack."""
    return ChildSpec("broker", node.start_command(), stage=0, stop_seconds=stop_seconds)


def kafka_answers(options: Mapping[str, str | int | float | bool]) -> bool:
    """Whether an admin client with these librdkafka options is told of a live broker now, within a second."""
    from journal.reach import unanswered

    return may_listen(options) and not unanswered(options, 0)


def may_listen(options: Mapping[str, str | int | float | bool]) -> bool:
    """False when it is this machine that is asked and nothing listens; a Kafka client would take its time to find out."""
    host, _, port = str(options["bootstrap.servers"]).rpartition(":")
    return host != ports.LOOPBACK or ports.answers(int(port))


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[-1]
