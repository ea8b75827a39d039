"""A real Apache Kafka broker in a folder, started and stopped like a value: `with Broker(folder) as broker: …`."""

import contextlib
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from cli.errors import UserError
from cli.stack import jars, ports
from cli.stack.child import Child, ChildSpec
from cli.stack.folder import DataFolder
from cli.stack.java import java_executable
from cli.stack.kafka import Node

DEFAULT_CACHE = Path("~/.cache/hms-ach")
READY_SECONDS_MAX = 60.0
_PORT_ATTEMPTS = 3


class Broker:
    """One broker on one data folder. It owns the folder from `start` to `stop`.

    Start it from a thread that outlives it (see `Child`). With `port` 0 free ports are chosen; a `port` that is taken
    gives way to a free one.
    """

    def __init__(self, root: Path, port: int = 0, *, cache: Path = DEFAULT_CACHE, java_home: Path | None = None) -> None:
        self._folder = DataFolder(root)
        self._preferred_port = port
        self._cache = cache.expanduser()
        self._java_home = java_home
        self._child: Child | None = None
        self._node: Node | None = None
        self._ownership: contextlib.ExitStack | None = None

    @property
    def bootstrap(self) -> str:
        """`host:port` for clients; known once it has been started."""
        assert self._node is not None, "the broker was never started"
        return f"{ports.LOOPBACK}:{self._node.port}"

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._child.pid if self._child is not None else None

    @property
    def log(self) -> Path:
        """The broker's own log file."""
        return self._folder.logs / "broker.log"

    def start(self) -> None:
        """Start and wait until clients are answered; data of an earlier run is kept, and so are the ports.

        Refused with one sentence: folder in use, no disk space, no Java, jars unreachable, or a broker that dies.
        """
        self._own()
        try:
            for attempt in range(1, _PORT_ATTEMPTS + 1):
                if self._start_once(final=attempt == _PORT_ATTEMPTS):
                    return
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Orderly stop, by force after ten seconds; gives the folder free. Harmless when it does not run."""
        if self._child is not None:
            self._child.stop()
        if self._ownership is not None:
            self._ownership.close()
            self._ownership = None

    def kill(self) -> None:
        """SIGKILL, for crash tests; the folder stays owned, `start` goes on from what is there."""
        assert self._child is not None, "the broker was never started"
        self._child.kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _own(self) -> None:
        if self._ownership is None:
            ownership = contextlib.ExitStack()
            ownership.enter_context(self._folder.owned())
            self._ownership = ownership

    def _start_once(self, *, final: bool) -> bool:
        node = self._node = self._node or plan_node(self._folder, self._preferred_port, self._cache, self._java_home)
        self._child = Child(broker_spec(node), self.log)
        self._child.start()
        if wait_until_ready(self.bootstrap, READY_SECONDS_MAX, self._runs):
            return True
        self._child.kill()
        if port_was_taken(self._child) and not final:  # between the choice and the start
            self._node = None
            return False
        raise UserError(f"The Kafka broker did not start; the end of {self.log}:\n" + "\n".join(self._child.last_lines()))

    def _runs(self) -> bool:
        return self._child is not None and self._child.exit_code() is None


def plan_node(folder: DataFolder, port: int, cache: Path, java_home: Path | None) -> Node:
    """Choose ports, find Java and the jars, write the configuration and format the folder if it is new."""
    chosen = ports.choose(port)
    controller = ports.choose(port + 1 if port else 0, avoid=frozenset({chosen}))
    java = java_executable(java_home)
    node = Node(folder.kafka, chosen, controller, java, jars.fetch(cache / "jars"))
    node.write_properties()
    if not node.is_formatted():
        formatted = subprocess.run(node.format_command(), capture_output=True, text=True, check=False)
        if formatted.returncode != 0:
            raise UserError(f"Kafka could not format {folder.kafka}: {_last_line(formatted.stderr or formatted.stdout)}")
    return node


def broker_spec(node: Node) -> ChildSpec:
    """The broker as a child process."""
    return ChildSpec("broker", node.start_command(), stop_seconds=10.0)


def wait_until_ready(bootstrap: str, seconds_max: float, alive: Callable[[], bool]) -> bool:
    """Whether an admin client was told of a live broker within `seconds_max`; gives up at once when `alive` says no."""
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient

    deadline = time.monotonic() + seconds_max
    while not ports.answers(int(bootstrap.rpartition(":")[2])):  # a Kafka client would log each refused connection
        if not alive() or time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    while alive() and time.monotonic() < deadline:
        with contextlib.suppress(KafkaException):  # not ready to answer
            if admin.list_topics(timeout=1).brokers:  # a fenced broker is not listed
                return True
        time.sleep(0.05)
    return False


def port_was_taken(broker: Child) -> bool:
    """Whether the broker's log ends with a port that it could not listen on."""
    return any("Address already in use" in line for line in broker.last_lines(100))


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[-1]
