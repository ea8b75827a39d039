"""What an assignment must hold before anything is rebuilt for it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import TopicPartition

from journal.partition_count import PartitionCountError
from journal.settings import Settings
from journal.topics import INPUTS, JOURNAL, PAYMENTS
from streams.engine.intake import Intake
from streams.poster import Poster

SETTINGS = Settings(partitions=2)


class Member:
    """A consumer that is given partition 0 with its first fetch, of topics with these counts, and reads nothing."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self._on_assign: Callable[[Any, list[TopicPartition]], None] | None = None

    def subscribe(self, _topics: list[str], on_assign: Callable[[Any, list[TopicPartition]], None], **_: object) -> None:
        self._on_assign = on_assign

    def consume(self, _most: int, _wait_s: float) -> list[Any]:
        if self._on_assign is not None:
            self._on_assign(self, [TopicPartition(topic, 0) for topic in INPUTS])
            self._on_assign = None
        return []

    def list_topics(self, *, timeout: float) -> SimpleNamespace:
        return SimpleNamespace(topics={name: SimpleNamespace(partitions=range(count)) for name, count in self._counts.items()})

    def ignore(self, _partitions: list[TopicPartition]) -> None:
        pass

    assign = pause = resume = ignore

    def consumer_group_metadata(self) -> None:
        pass


def rebuilt(counts: dict[str, int]) -> list[int]:
    """The partitions that are rebuilt after the first fetch."""
    found: list[int] = []

    def take_over(_epoch: int, numbers: Any, _intake: Intake) -> dict[int, Any]:
        found.extend(numbers)
        return {number: (0,) * len(INPUTS) for number in numbers}

    unused: Any = None
    member: Any = Member(counts)
    intake = Intake(SETTINGS, Poster(SETTINGS, bytes), member, unused, unused, unused, take_over)
    intake.join()
    intake.turn()
    return found


def test_a_partition_is_rebuilt_where_all_topics_have_the_count() -> None:
    assert rebuilt(dict.fromkeys((*INPUTS, JOURNAL), 2)) == [0]


@pytest.mark.parametrize("grown", [PAYMENTS, JOURNAL])
def test_nothing_is_rebuilt_when_somebody_has_added_partitions(grown: str) -> None:
    with pytest.raises(PartitionCountError, match=f"must have 2 partitions like the others: {grown} has 4"):
        rebuilt({**dict.fromkeys((*INPUTS, JOURNAL), 2), grown: 4})


def test_nothing_is_rebuilt_for_a_worker_that_counts_otherwise() -> None:
    with pytest.raises(PartitionCountError, match="Set HMS_PARTITIONS=8"):
        rebuilt(dict.fromkeys((*INPUTS, JOURNAL), 8))
