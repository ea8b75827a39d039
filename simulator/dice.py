"""Chance from a seed: every generator of the simulation is named after what it decides, so that no draw shifts another."""

from random import Random


def dice(*name: object) -> Random:
    """A generator for what is named so; the same name always throws the same numbers."""
    return Random("/".join(map(str, name)))  # noqa: S311 (a simulation must be repeatable; nothing secret is drawn)
