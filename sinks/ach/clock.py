"""The clock of the rail: handed in, so that a test may bring its own."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present instant, with its zone."""


def utc_now() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)
