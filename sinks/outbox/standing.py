"""Where the lanes stand towards Kafka: which are read further, and how far each is done."""

import logging
from collections.abc import Iterable, Iterator, Mapping

from confluent_kafka import Consumer, KafkaException, TopicPartition

from journal.patience import NoAnswerError, Waiting
from sinks.outbox.kafka import SECONDS, LogWriter, Plan
from sinks.outbox.lane import Lane
from sinks.outbox.memory import Place, place_of
from sinks.outbox.replays import Replays

_log = logging.getLogger(__name__)


class Standing:
    """Pauses, resumes and commits the partitions of one outbox."""

    def __init__(self, consumer: Consumer, plan: Plan, writer: LogWriter, replays: Replays) -> None:
        self._consumer = consumer
        self._plan = plan
        self._writer = writer
        self._replays = replays
        self._paused: set[int] = set()
        self._committed: dict[int, Place] = {}

    def flow(self, lanes: Mapping[int, Lane], waiting_max: int) -> None:
        """Read no further where too much waits, and on again where half of it is gone."""
        for partition, lane in lanes.items():
            if partition not in self._paused and len(lane) >= waiting_max:
                self._consumer.pause([TopicPartition(self._plan.outbox, partition)])
                self._paused.add(partition)
            elif partition in self._paused and len(lane) < waiting_max // 2:
                self._consumer.resume([TopicPartition(self._plan.outbox, partition)])
                self._paused.discard(partition)

    def commit(self, lanes: Mapping[int, Lane], *, wait: bool = False) -> None:
        """Say how far we are: a hint that saves the next start some reading."""
        places = {p: place_of(lane, self._replays.wishes(p), self._writer.ends[self._plan.log_partition(p)]) for p, lane in lanes.items()}
        changed = {p: place for p, place in places.items() if self._committed.get(p) != place}
        if not changed:
            return
        offsets = [TopicPartition(self._plan.outbox, p, place.outbox, metadata=str(place.log)) for p, place in changed.items()]
        try:
            if wait:
                Waiting(lambda: self._consumer.commit(offsets=offsets, asynchronous=False)).answer(SECONDS)
            else:
                self._consumer.commit(offsets=offsets)
        except (KafkaException, NoAnswerError) as error:
            _log.warning("the place was not committed: %s", error)
        else:
            self._committed |= changed

    def unread(self, lanes: Mapping[int, Lane]) -> Iterator[tuple[int, int]]:
        """How many offsets of each partition lie before us, as far as is known."""
        for partition, lane in lanes.items():
            _, end = self._consumer.get_watermark_offsets(TopicPartition(self._plan.outbox, partition), cached=True)
            yield partition, max(end - lane.position, 0)

    def assigned(self, partitions: Iterable[int]) -> None:
        """An assignment reads everything again, also what was paused when it was taken away: librdkafka remembers that."""
        self._consumer.resume([TopicPartition(self._plan.outbox, partition) for partition in partitions])
        self._paused.clear()

    def clear(self) -> None:
        """The partitions are gone."""
        self._paused.clear()
        self._committed.clear()
