"""Sending again what was tried in a range of time: the log says which messages, the outbox still has them."""

from collections.abc import Iterator

import msgspec

from journal.settings import Settings
from sinks.outbox.due import Due, read
from sinks.outbox.events import DELIVERED, EXHAUSTED, Attempt, DeliveryAttempted, Outcome, ReplayWish
from sinks.outbox.kafka import Plan, Reader, log_event, offset_of, value_of
from sinks.outbox.memory import Wish


def chosen(wish: ReplayWish, attempts: Iterator[Attempt]) -> list[int]:
    """The outbox offsets that a replay sends again, given the attempts in its range: what arrived, or what was given up."""
    last: dict[int, Outcome] = {}
    for attempt in attempts:
        if wish.credit_reference in ("", attempt.credit_reference) and attempt.outcome in (DELIVERED, EXHAUSTED):
            last[attempt.offset] = attempt.outcome
    return sorted(offset for offset, outcome in last.items() if outcome == EXHAUSTED or not wish.undelivered_only)


def replayed(settings: Settings, plan: Plan, partition: int, wish: ReplayWish) -> Iterator[Due | None]:
    """The messages of one partition that a replay sends again, in their order; None now and then while it searches."""
    reader = Reader(settings, plan.group)
    try:
        log_partition = plan.log_partition(partition)
        start = reader.offset_at(plan.log, log_partition, int(wish.since.timestamp() * 1000))
        end = reader.offset_at(plan.log, log_partition, int(wish.until.timestamp() * 1000))
        found: list[Attempt] = []
        for message in reader.messages(plan.log, log_partition, start, end):
            if message is None:
                yield None
                continue
            event = log_event(message)
            if isinstance(event, DeliveryAttempted) and event.data.partition == partition:
                found.append(event.data)
        offsets = chosen(wish, iter(found))
        found.clear()
        wanted = set(offsets)
        if offsets:
            for message in reader.messages(plan.outbox, partition, offsets[0], offsets[-1] + 1):
                if message is None:
                    yield None
                elif offset_of(message) in wanted:
                    yield _due(partition, offset_of(message), value_of(message))
    finally:
        reader.close()


def _due(partition: int, offset: int, value: bytes) -> Due | None:
    try:
        return read(partition, offset, value)
    except msgspec.MsgspecError:
        return None


class Job:
    """One partition's share of a replay."""

    def __init__(self, wish: Wish, found: Iterator[Due | None]) -> None:
        self.wish = wish
        self.deliveries = 0
        self.searched = False
        """everything was found"""
        self._found = found
        self._next: Due | None = None

    def take(self, position: int) -> Due | None:
        """The next message that stands before this offset of the outbox; None when there is none yet, or `searched`."""
        if self._next is None and not self.searched:
            try:
                self._next = next(self._found)
            except StopIteration:
                self.searched = True
        if self._next is None or self._next.offset >= position:
            return None
        due, self._next = self._next, None
        return due
