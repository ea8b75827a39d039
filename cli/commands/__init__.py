"""The commands, one file for each group. A group has `register(app)`, which adds its commands to the typer app."""

from typing import Protocol

import typer

from cli.commands import (
    bank,
    clients,
    dlq,
    doctor,
    exceptions,
    kpi,
    ledger,
    login,
    notifications,
    pki,
    privacy,
    quote,
    reconcile,
    rollout,
    rules,
    sim,
    snooze,
    stack,
    topics,
    verify,
    webhooks,
)


class Group(Protocol):
    """A module of commands."""

    def register(self, app: typer.Typer) -> None:
        """Add the group's commands."""


GROUPS: tuple[Group, ...] = (
    stack,
    doctor,
    login,
    clients,
    pki,
    topics,
    verify,
    dlq,
    ledger,
    kpi,
    exceptions,
    snooze,
    rules,
    quote,
    rollout,
    reconcile,
    bank,
    webhooks,
    notifications,
    privacy,
    sim,
)
