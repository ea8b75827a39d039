"""The world: all lives in one stream, in order of time. Made again from the seed, it is the same world."""

import heapq
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ach.calendar import add_banking_days
from simulator import hours, statements
from simulator.bank import Span
from simulator.dice import dice
from simulator.episodes import trace
from simulator.hospitals import Hospital
from simulator.lives import Chapter, life
from simulator.message import Message, token
from simulator.patients import patient

UNKNOWN_DEPOSITS_PER_DAY = 0.07
"""deposits of a hospital that name no account, on a banking day"""


ARRIVALS = 2.2
"""patients arrive over their hospital's whole history, more of them in its beginning: 1 would be evenly"""


class World(NamedTuple):
    """What the seed decides: how many patients, and over which time."""

    seed: int
    accounts: int
    span: Span


class _Next(NamedTuple):
    """A chapter that waits for its start, and where the one after it comes from."""

    chapter: Chapter
    source: Iterator[Chapter]


def stream(world: World, further: Iterable[Iterator[Chapter]] = ()) -> Iterator[Message]:
    """Every message of the world, and of `further` chapters, in order of time; endless."""
    return merge([*_lives(world), *(_unknown_deposits(world, hospital) for hospital in _hospitals(world)), *further])


def merge(sources: Iterable[Iterator[Chapter]]) -> Iterator[Message]:
    """The messages of all chapters by time. A source is asked for its next chapter only when that one's start has come."""
    waiting: list[tuple[int, int, Message | _Next]] = []
    number = 0
    for source in sources:
        first = next(source, None)
        if first is not None:
            number += 1
            waiting.append((first.starts_ms, number, _Next(first, source)))
    heapq.heapify(waiting)
    while waiting:
        _, _, due = heapq.heappop(waiting)
        if isinstance(due, Message):
            yield due
            continue
        following = next(due.source, None)
        if following is not None:
            number += 1
            heapq.heappush(waiting, (following.starts_ms, number, _Next(following, due.source)))
        for message in due.chapter.messages:
            number += 1
            heapq.heappush(waiting, (message.at_ms, number, message))


def joining_ms(world: World, hospital: Hospital) -> int:
    """When a hospital goes live."""
    return world.span.start_ms + int((world.span.live_from_ms - world.span.start_ms) * hospital.joins)


def _hospitals(world: World) -> list[Hospital]:
    seen = {who.hospital.hospital_id: who.hospital for who in (patient(world.seed, index) for index in range(min(world.accounts, 400)))}
    return [seen[hospital_id] for hospital_id in sorted(seen)]


def _lives(world: World) -> Iterator[Iterator[Chapter]]:
    for index in range(world.accounts):
        yield _arriving(world, index)


def _arriving(world: World, index: int) -> Iterator[Chapter]:
    who = patient(world.seed, index)
    rng = dice(world.seed, "arrival", index)
    joined_ms = joining_ms(world, who.hospital)
    arrives_ms = joined_ms + int((world.span.live_from_ms - joined_ms) * rng.random() ** ARRIVALS)
    yield Chapter(hours.instant(hours.day_of(arrives_ms), 0), [])
    yield from life(world.seed, who, arrives_ms)


def _unknown_deposits(world: World, hospital: Hospital) -> Iterator[Chapter]:
    """Money from payers that name no account of ours: it lands on the hospital's own account, unallocated."""
    rng = dice(world.seed, "unknown", hospital.hospital_id)
    account = f"unallocated-{hospital.hospital_id}"
    day = hours.day_of(joining_ms(world, hospital))
    number = 0
    while True:
        day = add_banking_days(day, 1)
        at_ms = hours.instant(day, 9, 0, rng.randrange(2 * hours.HOUR_MS))
        messages = []
        if rng.random() < UNKNOWN_DEPOSITS_PER_DAY:
            number += 1
            deposit_id = token("D-", world.seed, hospital.hospital_id, number)
            amount = rng.randint(2_500, 450_000)
            messages = [statements.deposit(deposit_id, account, hospital.hospital_id, at_ms, amount, day, trace(rng))]
        yield Chapter(hours.instant(day, 9), messages)
