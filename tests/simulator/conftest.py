"""The broker of the live tests, for the tests that really send."""

from tests.live.conftest import broker

__all__ = ["broker"]
