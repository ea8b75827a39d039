"""Reads the journal from Kafka and yields only what is on the chain. It also is the one who commits places for readers that resume."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Self, TypeVar

from confluent_kafka import OFFSET_INVALID, Consumer, KafkaError, KafkaException, Message, TopicPartition

from journal.chain import Accepted, ChainError, Place, advance, mark, unmark
from journal.patience import NoAnswerError, Waiting
from journal.settings import Settings
from journal.topics import JOURNAL

_log = logging.getLogger(__name__)
_ANSWER_SECONDS = 30.0
_BROKER_STARTS = frozenset(
    {
        KafkaError.NOT_COORDINATOR,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError._WAIT_COORD,  # noqa: SLF001
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.NOT_LEADER_FOR_PARTITION,
    }
)
"""A broker that has just started, or just made a topic, answers with these for a moment."""
Partitions = list[int]
_Answer = TypeVar("_Answer")


class ChainReader:
    """A consumer of the journal. Give it its places with `start`, or let a consumer group give it partitions with `join`.

    It commits nothing by itself. `group` is needed for committed places alone; readers without one use a name that is never committed to.
    """

    def __init__(self, settings: Settings, group: str = "hms-journal-reader", **options: str | int | float | bool) -> None:
        self._consumer = self._connect(
            settings.kafka(
                **{
                    "group.id": group,
                    "enable.auto.commit": False,
                    "enable.auto.offset.store": False,
                    "auto.offset.reset": "error",
                    "check.crcs": True,
                    "allow.auto.create.topics": False,
                    "queued.max.messages.kbytes": 65_536,
                    **options,
                }
            )
        )
        self.places: dict[int, Place] = {}
        """where the reader stands in each of its partitions"""
        self.skipped: dict[int, int] = {}
        """records of each partition that were not on the chain"""
        self._assignments = 0
        self._called_back = False  # true while librdkafka waits for one of `join`'s calls

    def _connect(self, options: dict[str, str | int | float | bool]) -> Consumer:
        return Consumer(options)

    def start(self, places: Mapping[int, Place]) -> None:
        """Read these partitions from these places on, outside any group."""
        self.places = dict(places)
        self._assignments += 1
        self._consumer.assign([TopicPartition(JOURNAL, partition, place.offset) for partition, place in places.items()])
        self.resume(places)  # librdkafka keeps a partition paused that was so before it was taken away

    def join(self, on_assigned: Callable[[Partitions], Mapping[int, Place]], on_revoked: Callable[[Partitions], None]) -> None:
        """Read what the consumer group gives: `on_assigned` answers with the places, `on_revoked` is told what is gone.

        Both run inside `read`. A raised error comes out of `read`.
        """

        def assigned(_consumer: Consumer, partitions: list[TopicPartition]) -> None:
            self._called_back = True
            try:
                self.start(on_assigned([p.partition for p in partitions]))
            finally:
                self._called_back = False

        def revoked(consumer: Consumer, partitions: list[TopicPartition]) -> None:
            self._called_back = True
            try:
                on_revoked([p.partition for p in partitions])
            finally:
                self._called_back = False
            self.places = {}
            self._assignments += 1
            consumer.unassign()

        self._consumer.subscribe([JOURNAL], on_assign=assigned, on_revoke=revoked, on_lost=revoked)

    def read(self, timeout_s: float, most: int = 500) -> list[Accepted]:
        """The next accepted records, as many as came within `timeout_s`, at most `most`.

        Raises ChainError when a chain breaks, and KafkaException for what librdkafka cannot mend by itself.
        """
        accepted = []
        assignments = self._assignments
        messages = self._consumer.consume(most, timeout_s)
        if self._assignments != assignments:
            # What came with the assigning call can be of the assignment before: it is let go, and fetched again.
            self.start(self.places)
            return []
        for message in messages:
            found = self._accept(message)
            if found is not None:
                accepted.append(found)
        return accepted

    def committed(self, partitions: Iterable[int]) -> dict[int, tuple[Place, str] | None]:
        """Place and note that the group has committed, None where nothing is.

        Raises ChainError for a committed offset without a chain mark: someone else moved it, and the chain cannot be resumed there.
        """
        found: dict[int, tuple[Place, str] | None] = {}
        asked = [TopicPartition(JOURNAL, p) for p in partitions]
        for held in patiently(lambda: self._ask_committed(asked)):
            if held.offset == OFFSET_INVALID or held.offset < 0:
                found[held.partition] = None
                continue
            marked = unmark(held.offset, held.metadata)
            if marked is None:
                raise ChainError(held.partition, held.offset, "the committed offset has no mark of the chain; something else committed it")
            found[held.partition] = marked
        return found

    def _ask_committed(self, partitions: list[TopicPartition]) -> list[TopicPartition]:
        found = self._consumer.committed(partitions, timeout=_ANSWER_SECONDS)
        for held in found:
            if held.error is not None:
                raise KafkaException(held.error)
        return found

    def commit(self, partition: int, place: Place, note: str = "") -> None:
        """Commit a place and wait for the broker.

        Raises KafkaException, also when the group has given the partition to another reader, and NoAnswerError: librdkafka itself sets no
        limit, and after a broker that was very slow it has been seen to wait for good. Inside `join`'s calls there is no limit: while
        librdkafka waits for them to return, a commit is only answered in the thread that they run in.
        """
        target = TopicPartition(JOURNAL, partition, place.offset, metadata=mark(place, note))

        def ask() -> list[TopicPartition]:
            return self._consumer.commit(offsets=[target], asynchronous=False) or []

        for answer in ask() if self._called_back else Waiting(ask).answer(_ANSWER_SECONDS):
            if answer.error is not None:
                raise KafkaException(answer.error)

    def ends(self, partitions: Iterable[int]) -> dict[int, int]:
        """The offset behind the last message of each partition, now."""
        return {p: patiently(partial(self._end, p)) for p in partitions}

    def known_ends(self) -> dict[int, int]:
        """The same of this reader's partitions as of the last fetch, without asking; partitions not fetched yet are left out."""
        held = {p: self._consumer.get_watermark_offsets(TopicPartition(JOURNAL, p), cached=True) for p in self.places}
        return {p: marks[1] for p, marks in held.items() if marks is not None and marks[1] >= 0}

    def pause(self, partitions: Iterable[int]) -> None:
        """Stop fetching these."""
        self._consumer.pause([TopicPartition(JOURNAL, p) for p in partitions])

    def resume(self, partitions: Iterable[int]) -> None:
        """Fetch these again."""
        self._consumer.resume([TopicPartition(JOURNAL, p) for p in partitions])

    def close(self) -> None:
        """Leave the group, if any, and let go of the connection; a client that does not come back from that is left to itself."""
        try:
            Waiting(self._consumer.close).answer(_ANSWER_SECONDS)
        except NoAnswerError as error:
            _log.warning("the reader was not closed: %s", error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _end(self, partition: int) -> int:
        return int(self._consumer.get_watermark_offsets(TopicPartition(JOURNAL, partition), timeout=_ANSWER_SECONDS)[1])

    def _accept(self, message: Message) -> Accepted | None:
        error = message.error()
        partition, offset = message.partition(), message.offset()
        if error is not None:
            if error.code() in {KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE}:  # noqa: SLF001
                raise ChainError(partition or 0, offset or 0, "the journal no longer holds this offset; it is never to be deleted")
            raise KafkaException(error)
        assert partition is not None
        assert offset is not None
        place = self.places.get(partition)
        if place is None or offset < place.offset:
            return None
        value = message.value()
        after, on_chain = advance(place, partition, offset, value)
        self.places[partition] = after
        if on_chain:
            assert value is not None
            return Accepted(partition, offset, value, after)
        self.skipped[partition] = self.skipped.get(partition, 0) + 1
        return None


def patiently(ask: Callable[[], _Answer]) -> _Answer:
    """What the broker answers, asked again while it is only starting."""
    deadline_s = time.monotonic() + _ANSWER_SECONDS
    while True:
        try:
            return ask()
        except KafkaException as error:
            if error.args[0].code() not in _BROKER_STARTS or time.monotonic() > deadline_s:
                raise
            time.sleep(0.1)


def read_to_end(settings: Settings, places: Mapping[int, Place], silence_s: float = _ANSWER_SECONDS) -> Iterator[Accepted]:
    """Every accepted record from these places up to where the journal ends now.

    Raises ChainError, KafkaException, and TimeoutError when the broker sends nothing for `silence_s`.
    """
    with ChainReader(settings) as reader:
        reader.start(places)
        ends = reader.ends(places)
        quiet_s = 0.0
        while any(reader.places[p].offset < end for p, end in ends.items()):
            before = dict(reader.places)
            for accepted in reader.read(0.2):
                if accepted.offset < ends[accepted.partition]:
                    yield accepted
            quiet_s = quiet_s + 0.2 if reader.places == before else 0.0
            if quiet_s > silence_s:
                raise TimeoutError(f"the broker sent nothing of the journal for {silence_s:.0f} s")
