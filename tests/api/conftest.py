"""Fixtures of the HTTP layer's tests."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.api.ledger_fake import World


@pytest.fixture
def world() -> World:
    """A fresh ledger in memory and the application on it."""
    return World()


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    """Asks that application."""
    with TestClient(world.app, raise_server_exceptions=False) as client:
        yield client
