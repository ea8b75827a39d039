"""What the tests of the simulator share: a small world, and messages read as the ledger reads them."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import takewhile

from ledger.events import AccountEvent, ClockEvent
from ledger.wire import Unreadable, decode_account, decode_clock
from simulator import hours
from simulator.bank import Span
from simulator.message import Message
from simulator.world import World, stream

SPAN = Span(hours.instant(date(2026, 3, 2), 0), hours.instant(date(2026, 7, 2), 0))
WORLD = World(7, 200, SPAN)


def event_of(message: Message) -> AccountEvent:
    """The event in a message; the test fails when there is none."""
    event = decode_account(message.value)
    assert not isinstance(event, Unreadable), (event, message)
    return event


def clock_event_of(message: Message) -> ClockEvent:
    """The clock's event in a message; the test fails when there is none."""
    event = decode_clock(message.value)
    assert not isinstance(event, Unreadable), (event, message)
    return event


@cache
def history() -> tuple[Message, ...]:
    """What CREDIT and unknown payers say in the small world's history, without faults."""
    return tuple(until(SPAN.live_from_ms, stream(WORLD)))


def until(end_ms: int, messages: Iterable[Message]) -> Iterator[Message]:
    """The messages that are delivered up to an instant."""
    return takewhile(lambda message: message.at_ms <= end_ms, messages)


def kind(message: Message) -> str:
    """Type of the event without its version."""
    return message.value.split(b'"type":"', 1)[1].split(b'"', 1)[0].decode().removesuffix(".v1")
