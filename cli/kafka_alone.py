"""Kafka without the rest, for work that needs workers and API to be stopped."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli.errors import UserError

if TYPE_CHECKING:
    from journal.settings import Settings

LEADERS_S = 30.0


@contextmanager
def kafka_alone() -> Iterator["Settings"]:
    """Settings that reach Kafka: the cluster that the operator named, or the embedded broker, started here and stopped again.

    Refused while a stack runs on the data folder.
    """
    from cli.environment import load_settings, must_agree, quiet, reachable_settings
    from cli.stack import state
    from cli.stack.broker import Broker
    from cli.stack.folder import DataFolder

    settings = load_settings()
    if state.read(DataFolder(settings.data_dir)) is not None:
        raise UserError(f"A stack runs on {settings.data_dir.absolute()}; stop it first, Kafka is started again for this.")
    if "kafka_bootstrap" in settings.model_fields_set:
        yield reachable_settings()
        return
    with Broker(settings.data_dir, settings.kafka_port, cache=settings.cache_dir, java_home=settings.java_home) as broker:
        alone = quiet(settings.model_copy(update={"kafka_bootstrap": broker.bootstrap}))
        must_agree(alone)
        _wait_for_leaders(alone)
        yield alone


def _wait_for_leaders(settings: "Settings") -> None:
    """A broker answers before it leads the partitions that it has on disk."""
    import time

    from confluent_kafka import KafkaException

    from journal.reader import ChainReader

    deadline = time.monotonic() + LEADERS_S
    with ChainReader(settings) as reader:
        while True:
            try:
                reader.ends(range(settings.partitions))
            except KafkaException:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return
