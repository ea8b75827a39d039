"""A broker that asks who is there: TLS with certificates both ways, SCRAM, and an authorizer that allows nothing by itself."""

import argparse
import re
import shlex
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, AdminClient, ResourcePatternType, ResourceType

from api.auth import pki
from cli.stack import jars
from cli.stack.broker import DEFAULT_CACHE, READY_SECONDS_MAX, broker_spec, kafka_answers
from cli.stack.child import Child
from cli.stack.java import java_executable
from cli.stack.kafka import Node
from cli.stack.ports import LOOPBACK, Ports
from journal.settings import Settings

SUPER: Final = "admin"
_MECHANISM: Final = "SCRAM-SHA-512"
_NOW: Final = datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class SecuredNode(Node):
    """The embedded node with one more listener, the only one that is told to anybody; on its old one it talks to itself."""

    secured_port: int
    secrets: Path
    passwords: Mapping[str, str]

    def properties(self) -> Mapping[str, object]:
        """Users prove themselves by certificate and password; whoever is not the super user needs grants."""
        own = super().properties()
        return {
            **own,
            "listeners": f"{own['listeners']},SASL_SSL://{LOOPBACK}:{self.secured_port}",
            "advertised.listeners": f"{own['advertised.listeners']},SASL_SSL://{LOOPBACK}:{self.secured_port}",
            "listener.security.protocol.map": f"{own['listener.security.protocol.map']},SASL_SSL:SASL_SSL",
            "sasl.enabled.mechanisms": _MECHANISM,
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": "org.apache.kafka.common.security.scram.ScramLoginModule required;",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": self.secrets / "broker.pem",
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": self.secrets / "ca.crt",
            "listener.name.sasl_ssl.ssl.client.auth": "required",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:ANONYMOUS;User:{SUPER}",
        }

    def format_command(self) -> tuple[str, ...]:
        """The users are there from the first start on."""
        users = [f"{_MECHANISM}=[name={name},password={password}]" for name, password in self.passwords.items()]
        return (*super().format_command(), *(word for user in users for word in ("--add-scram", user)))


class Cluster:
    """The broker as its users see it: certificates of one authority, a password for each party."""

    def __init__(self, folder: Path, parties: Sequence[str]) -> None:
        self.folder = folder
        self.bootstrap = ""
        self.passwords = {name: f"secret-of-{name}" for name in (SUPER, *(f"hms-{party}" for party in parties))}
        ca, other = pki.authority("kafka", _NOW), pki.authority("somebody else's", _NOW)
        broker, ours, foreign = pki.server(ca, [LOOPBACK], _NOW), pki.client(ca, "hms", _NOW), pki.client(other, "hms", _NOW)
        self.write("ca.crt", ca.certificate)
        self.write("other-ca.crt", other.certificate)
        self.write("broker.pem", broker.key + broker.certificate)
        for name, pair in (("own", ours), ("foreign", foreign)):
            self.write(f"{name}.crt", pair.certificate)
            self.write(f"{name}.key", pair.key)
        for name, password in self.passwords.items():
            self.write(name, password.encode())

    def write(self, name: str, content: bytes) -> Path:
        """A file that its owner alone can read."""
        path = self.folder / name
        path.write_bytes(content)
        path.chmod(0o600)
        return path

    def settings(self, user: str, **changes: Any) -> Settings:
        """What this user's process is started with."""
        usual = {
            "data_dir": self.folder / "data",
            "kafka_bootstrap": self.bootstrap,
            "kafka_tls": True,
            "kafka_ca": self.folder / "ca.crt",
            "kafka_certificate": self.folder / "own.crt",
            "kafka_key": self.folder / "own.key",
            "kafka_user": user,
            "kafka_password_file": self.folder / user,
            "partitions": 1,
            "tick_interval_ms": 0,
        }
        return Settings.model_validate({**usual, **changes})

    def grant(self, lines: Sequence[str]) -> None:
        """What `kafka-acls.sh` does with these lines."""
        admin = AdminClient(self.settings(SUPER).kafka())
        rules = dict.fromkeys(binding for line in lines for binding in bindings(line))
        for made in admin.create_acls(list(rules)).values():
            made.result(20)


_RESOURCES: Final = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional_id": ResourceType.TRANSACTIONAL_ID,
}
_options = argparse.ArgumentParser(allow_abbrev=False, exit_on_error=False)
_options.add_argument("--add", action="store_true", required=True)
_options.add_argument("--allow-principal", required=True)
_options.add_argument("--operation", action="append", required=True)
_options.add_argument("--resource-pattern-type", choices=("literal", "prefixed"), default="literal")
for _resource in _RESOURCES:
    _options.add_argument(f"--{_resource.replace('_', '-')}")


def bindings(line: str) -> Iterator[AclBinding]:
    """The rules that a line of options of `kafka-acls.sh` makes, read as that tool reads them."""
    said = _options.parse_args(shlex.split(line))
    pattern = ResourcePatternType[said.resource_pattern_type.upper()]
    for word, resource in _RESOURCES.items():
        name = getattr(said, word)
        for operation in said.operation if name else ():
            kind = AclOperation[re.sub(r"(?<=[a-z])(?=[A-Z])", "_", operation).upper()]
            yield AclBinding(resource, name, pattern, said.allow_principal, "*", kind, AclPermissionType.ALLOW)


@contextmanager
def cluster(folder: Path, parties: Sequence[str]) -> Iterator[Cluster]:
    """The broker runs until the block ends; `parties` are users `hms-PARTY`, and none of them has a grant yet."""
    made = Cluster(folder, parties)
    with Ports() as claimed:
        plain, controller, secured = claimed.choose(0), claimed.choose(0), claimed.choose(0)
        java, class_path = java_executable(None), jars.fetch(DEFAULT_CACHE)
        node = SecuredNode(
            folder / "kafka", plain, controller, java, class_path, secured_port=secured, secrets=folder, passwords=made.passwords
        )
        node.write_properties()
        formatted = subprocess.run(node.format_command(), capture_output=True, text=True, check=False)
        assert formatted.returncode == 0, formatted.stderr
        made.bootstrap = f"{LOOPBACK}:{secured}"
        child = Child(broker_spec(node), folder / "broker.log")
        child.start()
        try:
            deadline = time.monotonic() + READY_SECONDS_MAX
            while not kafka_answers(made.settings(SUPER).kafka()):
                assert child.exit_code() is None, "\n".join(child.last_lines())
                assert time.monotonic() < deadline, "\n".join(child.last_lines())
            yield made
        finally:
            child.stop()
