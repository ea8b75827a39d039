"""What an outbox remembers after a start: the log, folded from where the committed offsets say it matters."""

from collections.abc import Callable
from typing import NamedTuple

from confluent_kafka import Consumer, KafkaException, TopicPartition

from sinks.outbox.courier import Courier
from sinks.outbox.events import GONE, DeliveryAttempted, EndpointEnabled, LogEvent, ReplayEnded, ReplayRequested
from sinks.outbox.kafka import SECONDS, Plan, Reader, patiently
from sinks.outbox.lane import Lane, Tried, fold


class Place(NamedTuple):
    """Where a lane goes on: in its outbox, and in the log that speaks of it."""

    outbox: int = 0
    log: int = 0


class Wish(NamedTuple):
    """A replay that was asked for, and where in the log."""

    event: ReplayRequested
    log_offset: int


class Memory:
    """What one partition of the log says, event by event."""

    def __init__(self, plan: Plan, log_partition: int, gone_counts: Callable[[str], bool]) -> None:
        self._lanes = plan.lanes_of([log_partition])
        self._gone_counts = gone_counts
        self.tried: dict[int, dict[int, Tried]] = {p: {} for p in self._lanes}
        self.wishes: dict[tuple[str, int], Wish] = {}
        """replays that have not ended, by request and partition of the outbox"""
        self.gone = False
        """the receiver said 410, and nobody has said otherwise since"""

    def hear(self, offset: int, event: LogEvent) -> None:
        """Take in the next event."""
        match event:
            case DeliveryAttempted(data=attempt):
                if attempt.partition in self.tried:
                    fold(self.tried[attempt.partition], attempt)
                self.gone = self.gone or (attempt.outcome == GONE and self._gone_counts(attempt.endpoint))
            case ReplayRequested():
                self.wishes |= {(event.id, p): Wish(event, offset) for p in self._lanes}
            case ReplayEnded(data=end):
                self.wishes.pop((end.request, end.partition), None)
            case EndpointEnabled():
                self.gone = False


class Recalled(NamedTuple):
    """A partition of the log as it was found: what it says, its lanes ready to go on, and its end."""

    memory: Memory
    lanes: list[Lane]
    end: int


def committed(consumer: Consumer, plan: Plan, lanes: list[int]) -> dict[int, Place]:
    """Where these partitions of the outbox stand; the beginning for those that never were committed. Raises KafkaException."""

    def ask() -> list[TopicPartition]:
        found = consumer.committed([TopicPartition(plan.outbox, p) for p in lanes], SECONDS)
        for part in found:
            if part.error is not None:
                raise KafkaException(part.error)
        return found

    if not lanes:  # this process stands by
        return {}
    return {part.partition: Place(part.offset, int(part.metadata or 0)) if part.offset >= 0 else Place() for part in patiently(ask)}


def recall(reader: Reader, plan: Plan, log_partition: int, places: dict[int, Place], courier: Courier, since_ms: int | None) -> Recalled:
    """Fold a partition of the log up to its end. With `since_ms` the courier also hears of what is older than the places, from then on."""
    end = reader.end(plan.log, log_partition)
    start = min((place.log for place in places.values()), default=end)
    if since_ms is not None:
        start = min(start, reader.offset_at(plan.log, log_partition, since_ms))
    memory = Memory(plan, log_partition, courier.sends_to)
    for offset, event in reader.log(plan.log, log_partition, start, end):
        memory.hear(offset, event)
        if isinstance(event, DeliveryAttempted):
            courier.remember(event.data, event.time)
    lanes = [Lane(p, place.outbox, place.log, memory.tried[p]) for p, place in sorted(places.items())]
    return Recalled(memory, lanes, end)


def place_of(lane: Lane, wishes: list[Wish], log_end: int) -> Place:
    """Where a later start may go on, with these replays of the lane under way and the log ending here."""
    return Place(lane.low_water, min([lane.log_low(log_end), *(wish.log_offset for wish in wishes)]))
