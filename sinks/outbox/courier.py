"""What an outbox needs to know of its channel: a courier says whether a message may go, takes it there, and says what came of it."""

from datetime import datetime
from typing import NamedTuple, Protocol

from sinks.outbox.due import Due
from sinks.outbox.events import Attempt, Outcome


class Send(NamedTuple):
    """It may go now."""


class Later(NamedTuple):
    """It may go at this instant (epoch milliseconds), to be asked again then."""

    at_ms: int


class Drop(NamedTuple):
    """It never goes: `outcome` is undeliverable or suppressed."""

    outcome: Outcome
    reason: str


Verdict = Send | Later | Drop


class Answer(NamedTuple):
    """What came of one attempt. `outcome` is delivered, failed, gone, or undeliverable when no further attempt can help."""

    outcome: Outcome
    status: int = 0
    reason: str = ""
    retry_after_ms: int = 0
    is_down: bool = False
    """the failure is the receiver's as a whole, not this message's"""
    duration_ms: int = 0


class Parcel(NamedTuple):
    """What the log says about a message besides the attempt itself."""

    transaction_id: str
    channel: str
    template: str = ""
    patient_id: str = ""


class Courier(Protocol):
    """One channel, for as long as its process lives. All but `send` is called from one thread."""

    def parcel(self, due: Due) -> Parcel | None:
        """What the log says about a message; None for an event that is nothing to send, which the courier may have learnt from."""

    def key(self, due: Due) -> str:
        """Messages with the same key go one after the other."""

    def admit(self, due: Due, now_ms: int) -> Verdict:
        """Whether a message may go at this instant."""

    def receiver(self, due: Due) -> str:
        """Who takes a message, as the log names it; one that is down is spared without the others."""

    def sends_to(self, receiver: str) -> bool:
        """Whether messages go to this receiver still: what another one has answered no longer matters."""

    def remember(self, attempt: Attempt, at: datetime) -> None:
        """Hear of an attempt that is in the log and when it was made: of this process, or of one before."""

    async def send(self, due: Due, now: datetime) -> Answer:
        """Take it there. Ends within the courier's own time limit; raises nothing that an attempt can bring about."""

    async def close(self) -> None:
        """Let go of connections."""
