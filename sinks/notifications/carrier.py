"""Carriers take a message to a number or an address. What a carrier says of a failure holds neither contact nor text."""

import asyncio
from pathlib import Path
from typing import Final, Protocol

import msgspec

from sinks.notifications.templates import Message
from sinks.outbox import events
from sinks.outbox.courier import Answer

SECONDS_MAX: Final = 15.0
"""of one attempt, whatever the other side does"""


class Carrier(Protocol):
    """One way to reach people."""

    @property
    def name(self) -> str:
        """Who takes the messages, as the log names it."""

    async def carry(self, delivery_id: str, contact: str, message: Message) -> Answer:
        """Hand a message over once; a failure is an answer."""

    async def close(self) -> None:
        """Let go of connections."""


class FileCarrier:
    """The sandbox: a line for each message, and nobody is reached."""

    name = "sandbox"

    def __init__(self, path: Path) -> None:
        self._path = path

    async def carry(self, delivery_id: str, contact: str, message: Message) -> Answer:
        """Append it."""
        line = msgspec.json.encode({"id": delivery_id, "to": contact, "subject": message.subject, "text": message.text})
        await asyncio.to_thread(self._append, line)
        return Answer(events.DELIVERED, 250)

    async def close(self) -> None:
        """Nothing is kept open."""

    def _append(self, line: bytes) -> None:
        with self._path.open("ab") as file:
            file.write(line + b"\n")
