"""The order of the tests: what takes minutes begins first, so that no worker waits for another's last file."""

from collections.abc import Sequence

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine is no counterexample
settings.load_profile("untimed")

_FIRST: Sequence[str] = ("crash", "browser", "live")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The crash proof, the browser, the live tests, then the rest; within these as collected."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, name in enumerate(_FIRST) if item.get_closest_marker(name)), len(_FIRST))
