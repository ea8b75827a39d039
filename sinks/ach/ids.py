"""Identifiers of the rail's events: derived from what they speak of, so that saying something again says nothing new."""

from uuid import UUID, uuid5

_NAMESPACE = UUID("0d2f8a44-6f57-5c1b-8e0a-7c3b5a9d2e61")


def derived(*parts: object) -> str:
    """The identifier (UUIDv5) of these parts; the same parts always have the same one."""
    return str(uuid5(_NAMESPACE, "|".join(map(str, parts))))
