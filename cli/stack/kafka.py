"""How one Apache Kafka node (KRaft, broker and controller in one) is configured and commanded."""

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.stack.ports import LOOPBACK

# Far above the largest message of the product: the tests send 10 MB messages through.
MESSAGE_BYTES_MAX = 12 * 1024 * 1024
_LOG4J = Path(__file__).with_name("log4j2.properties")

_JVM = (
    "-Xms256m",
    "-Xmx768m",
    "-XX:+UseSerialGC",  # two cores are shared with the workers: no collector threads beside them
    "-XX:+ExitOnOutOfMemoryError",  # the supervisor restarts it; half a broker would be worse
    "-XX:-UsePerfData",  # leaves nothing in /tmp
    "-Djava.awt.headless=true",
    "-Djava.net.preferIPv4Stack=true",
    "--enable-native-access=ALL-UNNAMED",  # zstd and snappy load native code
)

COMPILERS = {
    "quick": ("-XX:TieredStopAtLevel=1",),  # one drain of 300,000: the second compiler took 20 of 54 us an event and gave 3 back
    "full": (),  # after a minute at 8,000 events a second: 37 us an event instead of 51
}
"""options of the Java virtual machine by what `Settings.kafka_compiler` asks for"""

_ONE_NODE = {
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "offsets.topic.num.partitions": 8,
    "transaction.state.log.num.partitions": 8,
    "share.coordinator.state.topic.num.partitions": 1,
}

_OPERATION = {
    "auto.create.topics.enable": "false",
    "message.max.bytes": MESSAGE_BYTES_MAX,
    "replica.fetch.max.bytes": MESSAGE_BYTES_MAX,
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 1000,
    "num.network.threads": 2,
    "num.io.threads": 4,
    "log.cleaner.dedupe.buffer.size": 32 * 1024 * 1024,  # the default takes 128 MB of the heap
    "metadata.max.idle.interval.ms": 5000,  # idle: a controller record every 5 s instead of every 0.5 s
    # After a kill the node is let in again only when its own dead registration has timed out: 9 s by default.
    "broker.session.timeout.ms": 3000,
    "broker.heartbeat.interval.ms": 500,
}


@dataclass(frozen=True)
class Node:
    """One node: the folder of its logs, its two ports, the Java runtime, the class path, the address at which clients find it, and
    how its code is compiled."""

    folder: Path
    port: int
    controller_port: int
    java: Path
    class_path: tuple[Path, ...]
    address: str = LOOPBACK
    compiler: str = "quick"

    @property
    def properties_file(self) -> Path:
        """Where the node's configuration is written."""
        return self.folder / "server.properties"

    def properties(self) -> Mapping[str, object]:
        """The broker's configuration: one address, one voter on loopback, replication factor 1."""
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@{LOOPBACK}:{self.controller_port}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "listeners": f"PLAINTEXT://{self.address}:{self.port},CONTROLLER://{LOOPBACK}:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://{self.address}:{self.port}",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "log.dirs": self.folder / "data",
            **_ONE_NODE,
            **_OPERATION,
        }

    def write_properties(self) -> None:
        """Write the configuration file; the ports may differ from the last start's."""
        lines = (f"{name}={value}\n" for name, value in self.properties().items())
        self.folder.mkdir(parents=True, exist_ok=True)
        self.properties_file.write_text("".join(lines))

    def is_formatted(self) -> bool:
        """Whether the log folder has been formatted, which is done once in its life."""
        return (self.folder / "data" / "meta.properties").is_file()

    def format_command(self) -> tuple[str, ...]:
        """Kafka's own StorageTool, with a fresh cluster id."""
        arguments = ("format", "--cluster-id", cluster_id(), "--config", str(self.properties_file))
        return self._java("kafka.tools.StorageTool", COMPILERS["quick"], arguments)

    def start_command(self) -> tuple[str, ...]:
        """The broker itself."""
        return self._java("kafka.Kafka", (*_JVM, *COMPILERS[self.compiler]), (str(self.properties_file),))

    def _java(self, main_class: str, jvm: tuple[str, ...], arguments: tuple[str, ...]) -> tuple[str, ...]:
        class_path = ":".join(map(str, self.class_path))
        return (str(self.java), *jvm, f"-Dlog4j2.configurationFile={_LOG4J}", "-cp", class_path, main_class, *arguments)


def cluster_id() -> str:
    """A new Kafka cluster id: 128 random bits in URL-safe base64, never with a leading dash (StorageTool reads an option)."""
    while True:
        identity = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not identity.startswith("-"):
            return identity
