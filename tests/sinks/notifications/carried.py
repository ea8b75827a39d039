"""A carrier that keeps what it is given."""

from sinks.notifications.templates import Message
from sinks.outbox.courier import Answer


class Kept:
    """Everything arrives."""

    name = "kept"

    def __init__(self) -> None:
        self.messages: list[tuple[str, str, Message]] = []

    async def carry(self, delivery_id: str, contact: str, message: Message) -> Answer:
        self.messages.append((delivery_id, contact, message))
        return Answer("delivered", 250)

    async def close(self) -> None:
        pass
