"""How long an event took from its producer to the journal, for a sample of the partitions."""

from collections.abc import Iterable, Sequence

from confluent_kafka import Consumer, TopicPartition

from journal.settings import Settings
from journal.topics import CLOCK

Place = tuple[int, int, int]
"""source, partition and offset of an input"""


class Inputs:
    """Instants at which inputs were produced, by their place. Only of some partitions: a watch must not take what it measures."""

    def __init__(self, settings: Settings, topics: Sequence[str], partitions: Iterable[int]) -> None:
        self._partitions = frozenset(partitions)
        self._index = {topic: number for number, topic in enumerate(topics)}
        self._consumer = Consumer(settings.kafka(group_id="bench.inputs", enable_auto_commit=False))
        self._consumer.assign([TopicPartition(topic, number, 0) for topic in topics if topic != CLOCK for number in self._partitions])
        self._at_ms: dict[Place, int] = {}
        self._asked: list[tuple[Place, int]] = []

    def step(self) -> None:
        """Take in what is there."""
        for message in self._consumer.consume(2_000, 0):
            if message.error() is None:
                place = (self._index[str(message.topic())], message.partition() or 0, message.offset() or 0)
                self._at_ms[place] = message.timestamp()[1]

    def journalled(self, partition: int, answered: Iterable[tuple[int, int]], at_ms: int) -> None:
        """Inputs, as (source, offset), were answered by a journal record that the broker had at this instant."""
        if partition in self._partitions:
            self._asked += [((source, partition, offset), at_ms) for source, offset in answered]

    def delays(self) -> Sequence[tuple[int, int]]:
        """Delays that are known by now, as (milliseconds, 1); each is told once."""
        told, self._asked = self._asked, []
        found = []
        for place, journalled_ms in told:
            produced_ms = self._at_ms.pop(place, None)
            if produced_ms is None:
                self._asked.append((place, journalled_ms))
            else:
                found.append((journalled_ms - produced_ms, 1))
        return found

    def close(self) -> None:
        """Leave the broker."""
        self._consumer.close()
