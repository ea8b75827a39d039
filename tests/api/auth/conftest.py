"""Fixtures of the identity tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.auth.world import Secured


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Secured]:
    """A world of its own."""
    world = Secured(tmp_path)
    yield world
    world.identity.close()
