"""A real Kafka broker for the live tests: one for the whole session, in a folder that is gone afterwards."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.stack.broker import Broker


def running_broker() -> Iterator[str]:
    """Bootstrap servers of an embedded broker, which runs until the iterator goes on."""
    with tempfile.TemporaryDirectory(prefix="hms-ach-live-") as folder, Broker(Path(folder)) as running:
        yield running.bootstrap


@pytest.fixture(scope="session")
def broker() -> Iterator[str]:
    """Bootstrap servers (`127.0.0.1:port`) of an embedded broker on free ports."""
    yield from running_broker()
