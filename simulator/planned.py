"""The simulation's diary: messages that are to be sent later, by the payment they speak of."""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from simulator.message import Message

_SUBMITTED = b'"payment.submitted.v1"'


class Planned(NamedTuple):
    """A message for later. `about` is the payment it speaks of, or empty."""

    at_ms: int
    number: int
    about: str
    message: Message


class Diary:
    """What is planned, by time; ties in the order of planning."""

    def __init__(self, planned: Iterable[Planned] = ()) -> None:
        self._heap = list(planned)
        heapify(self._heap)
        self._number = max((item.number for item in self._heap), default=0)

    def plan(self, messages: Iterable[Message], about: str = "") -> None:
        """Put messages in."""
        for message in messages:
            self._number += 1
            heappush(self._heap, Planned(message.at_ms, self._number, about, message._replace(entry=None) if about else message))

    def forget(self, about: str) -> None:
        """Take out all that would be said of a payment: it was withdrawn."""
        kept = [item for item in self._heap if item.about != about]
        if len(kept) != len(self._heap):
            self._heap = kept
            heapify(self._heap)

    def withdraw(self, about: str) -> None:
        """Take out all that would be said of a payment, unless the bank has said already that it was submitted."""
        if any(item.about == about and _SUBMITTED in item.message.value for item in self._heap):
            self.forget(about)

    def next_ms(self) -> int | None:
        """The instant of the next message, None when nothing is planned."""
        return self._heap[0].at_ms if self._heap else None

    def take(self) -> Message:
        """The next message, taken out; IndexError when nothing is planned."""
        return heappop(self._heap).message

    def planned(self) -> list[Planned]:
        """All of it, in no particular order."""
        return list(self._heap)
