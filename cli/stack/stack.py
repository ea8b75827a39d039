"""The whole system as processes: Kafka, topics, workers, API with the ClickHouse sink, and for the demo the simulator."""

import contextlib
import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from api.auth.folder import SecretError
from api.auth.setup import initialise
from cli.client import tls
from cli.environment import python_module, to_environment
from cli.errors import UserError
from cli.stack import jars, ports
from cli.stack.broker import READY_SECONDS_MAX, broker_spec, kafka_answers, prepare_node
from cli.stack.child import ChildSpec
from cli.stack.folder import DataFolder
from cli.stack.java import java_executable
from cli.stack.ports import Ports
from cli.stack.signals import StopSignals
from cli.stack.state import ChildState, StackState, write
from cli.stack.supervisor import Stopped, Supervisor
from journal.settings import Settings
from sinks.webhooks import secrets_file

API_READY_SECONDS_MAX = 120.0
RECEIVER_PORT = 9443
ANNOUNCEMENT = "Use case "
"""How the simulator's lines begin that name the accounts and payments of the use cases."""
ANNOUNCED_SECONDS_MAX = 15.0
_MALLOC = {"MALLOC_ARENA_MAX": "2"}
"""glibc keeps a heap for each thread otherwise, and the Kafka client's threads leave much of theirs unused"""


@dataclass(frozen=True)
class Programs:
    """The commands of our own processes; a stack without a simulator, and so without a receiver of webhooks, is the usual one."""

    worker: tuple[str, ...] = python_module("streams.worker")
    api: tuple[str, ...] = python_module("api.serve")
    windows: tuple[str, ...] = python_module("streams.windows_worker")
    simulator: tuple[str, ...] | None = None
    rail: tuple[str, ...] = python_module("sinks.ach")
    webhooks: tuple[str, ...] = python_module("sinks.webhooks")
    notifications: tuple[str, ...] = python_module("sinks.notifications")
    receiver: tuple[str, ...] | None = None

    def with_simulator(self, *options: str) -> "Programs":
        """The same, and our simulator with these options."""
        return replace(self, simulator=python_module("simulator.run", *options), receiver=python_module("simulator.receiver"))


class Stack:
    """One stack on one data folder. `run` returns when a signal has asked to stop and everything has stopped.

    `tell` hears one sentence for each step and each mishap; `ready` is called once, with the state to show.
    `topics` makes the topics once Kafka answers.
    """

    def __init__(
        self,
        settings: Settings,
        topics: Callable[[Settings], None],
        tell: Callable[[str], None],
        ready: Callable[[StackState], None],
        programs: Programs | None = None,
    ) -> None:
        simulated = programs is not None and programs.simulator is not None
        # the simulator's history runs faster than the clock on the wall, so it writes the ticks itself
        self._settings = settings.model_copy(update={"tick_interval_ms": 0}) if simulated else settings
        self._folder = DataFolder(settings.data_dir)
        self._topics = topics
        self._tell = tell
        self._ready = ready
        self._programs = programs or Programs()
        self._started_at = time.time()
        self._wanted_port = settings.api_port
        self._kafka_is_elsewhere = "kafka_bootstrap" in settings.model_fields_set  # the operator named a cluster

    def run(self, advance: jars.Advance = lambda _bytes: None) -> None:
        """Bring everything up and keep it up. Raises UserError when a part cannot be started or kept running.

        `advance` hears of the bytes of a first download.
        """
        with self._folder.owned(), Ports() as claimed:
            broker = None if self._kafka_is_elsewhere else self._prepare_broker(claimed, advance)
            self._settle(api_port=claimed.choose(self._settings.api_port))
            receiver = self._prepare_receiver(claimed)
            with StopSignals() as signals:
                supervisor = Supervisor(self._folder, signals, self._tell, self._write_state, self._kafka_answers)
                try:
                    if broker is not None:
                        supervisor.start(broker)
                    with contextlib.suppress(Stopped):
                        self._bring_up(supervisor, receiver)
                        supervisor.watch()
                    self._tell("Stopping.")
                finally:
                    supervisor.stop()
                    self._folder.state.unlink(missing_ok=True)

    def _prepare_broker(self, claimed: Ports, advance: jars.Advance) -> ChildSpec:
        settings = self._settings
        java = java_executable(settings.java_home)
        class_path = jars.fetch(settings.cache_dir, settings.maven_url, advance)
        node = prepare_node(self._folder, claimed, settings.kafka_port, java, class_path, compiler=settings.kafka_compiler)
        self._settle(kafka_bootstrap=f"{ports.LOOPBACK}:{node.port}")
        return broker_spec(node)

    def _prepare_receiver(self, claimed: Ports) -> ChildSpec | None:
        """The demo's receiver of webhooks, for which our settings then are; None where the operator has named one, or none is wanted.

        Messages to patients go to the sandbox, unless the operator has said where else.
        """
        if self._programs.receiver is None or self._settings.webhook_url:
            return None
        if not self._settings.notify:
            self._settle(notify=True, notify_sandbox=True)
        port = claimed.choose(RECEIVER_PORT)
        self._settle(webhook_url=f"http://{ports.LOOPBACK}:{port}", webhook_networks="127.0.0.0/8", webhook_concurrency=4)
        secrets, kept = self._folder.root / secrets_file.NAME, self._folder.root / "webhooks-received.jsonl"
        secrets_file.load_or_make(secrets)
        return ChildSpec(
            "receiver", (*self._programs.receiver, "--secrets", str(secrets), "--port", str(port), "--keep", str(kept)), stage=1
        )

    def _settle(self, **actual: object) -> None:
        self._settings = self._settings.model_copy(update=actual)

    def _kafka_answers(self) -> bool:
        return kafka_answers(self._settings.kafka())

    def _bring_up(self, supervisor: Supervisor, receiver: ChildSpec | None) -> None:
        settings = self._settings
        if not supervisor.wait_for(self._kafka_answers, READY_SECONDS_MAX):
            raise UserError(f"Kafka at {settings.kafka_bootstrap} does not answer within {READY_SECONDS_MAX:.0f} s.")
        self._tell(f"Kafka answers at {settings.kafka_bootstrap}.")
        self._topics(settings)
        if settings.auth == "on":
            for sentence in initialise(settings, datetime.now(UTC)):
                self._tell(sentence)
        environment = {**to_environment(settings), **_MALLOC}
        supervisor.start(ChildSpec("api", self._programs.api, environment, stage=1))
        for index in range(settings.workers):
            own = {**environment, "HMS_WORKER_INDEX": str(index)}
            supervisor.start(ChildSpec(f"worker-{index}", self._programs.worker, own, stage=1))
        supervisor.start(ChildSpec("windows", self._programs.windows, environment, stage=1))
        if settings.ach_files:
            supervisor.start(ChildSpec("ach", self._programs.rail, environment, stage=1))
        if receiver is not None:
            supervisor.start(receiver)
        if settings.webhook_url:
            supervisor.start(ChildSpec("webhooks", self._programs.webhooks, environment, stage=1))
        if settings.notify:
            supervisor.start(ChildSpec("notifications", self._programs.notifications, environment, stage=1))
        if not supervisor.wait_for(lambda: api_is_ready(settings), API_READY_SECONDS_MAX):
            self._tell(f"The API is not ready after {API_READY_SECONDS_MAX:.0f} s; see {self._folder.logs / 'api.log'}.")
        if self._programs.simulator is not None:
            self._simulate(supervisor, self._programs.simulator, environment)
        self._ready(self._state(supervisor.states()))

    def _simulate(self, supervisor: Supervisor, command: tuple[str, ...], environment: Mapping[str, str]) -> None:
        """Start the simulator, and tell which accounts and payments play the use cases once it has said so in its log."""
        log = self._folder.logs / "simulator.log"
        before = log.stat().st_size if log.exists() else 0
        supervisor.start(ChildSpec("simulator", command, environment, stage=2, stop_seconds=1.5, may_finish=True))

        def announced() -> list[str]:
            said = log.read_bytes()[before:].decode(errors="replace").splitlines()
            return [line for line in said if line.startswith(ANNOUNCEMENT)]

        supervisor.wait_for(lambda: bool(announced()), ANNOUNCED_SECONDS_MAX)
        for line in announced():
            self._tell(line)

    def _write_state(self, children: tuple[ChildState, ...]) -> None:
        write(self._folder.state, self._state(children))

    def _state(self, children: tuple[ChildState, ...]) -> StackState:
        settings = self._settings
        owner = self._folder.owner() or 0
        return StackState(owner, self._started_at, settings.kafka_bootstrap, settings.api_url(), children, self._wanted_port)


def api_is_ready(settings: Settings) -> bool:
    """Whether `/readyz` answers 200 now."""
    connection: http.client.HTTPConnection
    host, port = settings.api_url().rpartition("//")[2].rsplit(":", 1)
    try:
        if settings.auth == "on":
            connection = http.client.HTTPSConnection(host.strip("[]"), int(port), timeout=2, context=tls(settings))
        else:
            connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=2)
    except SecretError:
        return False
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
