"""A broker for each file of tests that really send: a simulation reads its topics from the beginning."""

from collections.abc import Iterator

import pytest

from tests.live.conftest import running_broker


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """Bootstrap servers (`127.0.0.1:port`) of an embedded broker on free ports."""
    yield from running_broker()
