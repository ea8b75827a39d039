"""The world with its bank, without listening to anybody: what is asked for counts as approved. For load and for looking at."""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush

from simulator.bank import Bank, Span
from simulator.early import settle_first
from simulator.hours import HOUR_MS
from simulator.message import Message
from simulator.noise import QUIET, USUAL, Rates, disturb
from simulator.statements import ticks
from simulator.world import World, stream


def events(world: World, rates: Rates = USUAL) -> Iterator[Message]:
    """CREDIT's and the bank's messages in order of delivery; endless, the same for the same world. `rates` set the faults."""
    bank = Bank(world.seed, world.span)
    credit = stream(world) if rates == QUIET else settle_first(f"{world.seed}/early", bank, stream(world))
    return disturb(f"{world.seed}/noise", answered(credit, bank), rates)


def answered(messages: Iterable[Message], bank: Bank) -> Iterator[Message]:
    """The messages and the bank's answers to the entries among them, by time."""
    waiting: list[tuple[int, int, Message]] = []
    number = 0
    for message in messages:
        while waiting and waiting[0][0] <= message.at_ms:
            yield heappop(waiting)[2]
        yield message
        if message.entry is not None:
            for answer in bank.answers(message.entry):
                number += 1
                at_ms = max(answer.at_ms, message.at_ms)  # a request may itself come late
                heappush(waiting, (at_ms, number, answer._replace(at_ms=at_ms)))
    while waiting:
        yield heappop(waiting)[2]


def clocked(messages: Iterable[Message], span: Span, partitions: int) -> Iterator[Message]:
    """The messages of the history with the clock's ticks, one an hour and partition, among them; ends with the history."""
    tick_ms = span.start_ms - span.start_ms % HOUR_MS + HOUR_MS
    for message in messages:
        while tick_ms <= min(message.at_ms, span.live_from_ms):
            yield from ticks(tick_ms, partitions)
            tick_ms += HOUR_MS
        if message.at_ms > span.live_from_ms:
            return
        yield message
