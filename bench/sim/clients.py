"""Consumer and producers of the memory broker, in the shape of confluent-kafka's, as far as the product uses them."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple

from confluent_kafka import OFFSET_INVALID, TIMESTAMP_LOG_APPEND_TIME, KafkaError, KafkaException, Message, TopicPartition

from bench.sim.broker import Broker, Member, Stored, Tp, Transaction
from streams.engine.recovery import Reader

Callback = Callable[["Consumer", list[TopicPartition]], None]


class Membership(NamedTuple):
    """Group metadata: who, and in which generation."""

    group: str
    member: Member
    generation: int


def message(tp: Tp, stored: Stored) -> Message:
    """A stored message as a client gives it out."""
    return Message(
        topic=tp[0],
        partition=tp[1],
        offset=stored.offset,
        key=stored.key,
        value=stored.value,
        headers=list(stored.headers) or None,
        timestamp=(TIMESTAMP_LOG_APPEND_TIME, stored.at_ms),
    )


class Consumer:
    """A static member of a group. Call-backs come inside `consume` and `poll`, sometimes behind messages that it has gathered already."""

    def __init__(self, broker: Broker, rng: Random, group: str, instance: str, *, tells_ends: bool = False) -> None:
        self._broker = broker
        self._rng = rng
        self._name = group
        self._tells_ends = tells_ends
        self._group = broker.group(group)
        self._member = self._group.enter(instance)
        self._generation = 0
        self._mine: list[TopicPartition] = []
        self._at: dict[Tp, int] = {}
        self._ended: dict[Tp, int] = {}
        self._paused: set[Tp] = set()

    def subscribe(self, topics: Sequence[str], on_assign: Callback, on_revoke: Callback, on_lost: Callback) -> None:
        """Become a member."""
        self._topics = list(topics)
        self._on_assign, self._on_revoke, self._on_lost = on_assign, on_revoke, on_lost

    def consume(self, most: int, _timeout_s: float = 0) -> list[Message]:
        """What is there, partitions mixed at random, each in its order; with `tells_ends` (`enable.partition.eof`) also where one ends."""
        early = self._fetch(most) if self._rng.random() < 0.5 else []
        self._serve()
        return early or self._fetch(most)

    def poll(self, _timeout_s: float = 0) -> None:
        """Call-backs alone: whoever uses this has paused everything."""
        self._serve()

    def assign(self, partitions: Sequence[TopicPartition]) -> None:
        """Read these, from the given offsets, else from the committed ones."""
        self._at = {}
        self._ended = {}
        for part in partitions:
            tp = part.topic, part.partition
            offset = part.offset
            if offset < 0:
                held = self._broker.committed(self._name, tp)
                offset = held[0] if held else 0
            self._at[tp] = offset

    def unassign(self) -> None:
        """Read nothing."""
        self._at = {}

    def pause(self, partitions: Sequence[TopicPartition]) -> None:
        """Read nothing of these."""
        self._paused |= {(part.topic, part.partition) for part in partitions}

    def resume(self, partitions: Sequence[TopicPartition]) -> None:
        """Read these again."""
        self._paused -= {(part.topic, part.partition) for part in partitions}

    def committed(self, partitions: Sequence[TopicPartition], timeout: float = 0) -> list[TopicPartition]:
        """Committed offsets with their metadata."""
        found = []
        for part in partitions:
            held = self._broker.committed(self._name, (part.topic, part.partition))
            offset, metadata = held or (OFFSET_INVALID, "")
            found.append(TopicPartition(part.topic, part.partition, offset, metadata))
        return found

    def commit(self, offsets: Sequence[TopicPartition], asynchronous: bool) -> list[TopicPartition]:
        """Commit. Raises KafkaException for one who has lost his place in the group."""
        assert not asynchronous
        if not self._group.holds(self._member, self._generation):
            raise KafkaException(KafkaError(KafkaError.ILLEGAL_GENERATION))
        for part in offsets:
            self._group.offsets[part.topic, part.partition] = (part.offset, part.metadata or "")
        return list(offsets)

    def get_watermark_offsets(self, part: TopicPartition, timeout: float = 0, cached: bool = False) -> tuple[int, int]:
        """Start and end of a log."""
        return 0, len(self._broker.log((part.topic, part.partition)))

    def list_topics(self, *, timeout: float) -> SimpleNamespace:
        """The topics that it reads, with the partitions that all have here."""
        partitions = dict.fromkeys(range(self._broker.partitions))
        return SimpleNamespace(topics={name: SimpleNamespace(partitions=partitions) for name in self._topics})

    def consumer_group_metadata(self) -> Membership:
        """What fences a worker that has lost its partitions."""
        return Membership(self._name, self._member, self._generation)

    def close(self) -> None:
        """A static member stays in the group until it expires or comes back."""

    def _fetch(self, most: int) -> list[Message]:
        tps = [tp for tp in self._at if tp not in self._paused]
        self._rng.shuffle(tps)
        found: list[Message] = []
        for tp in tps:
            room = self._rng.randint(0, max(most - len(found), 0))
            log, end = self._broker.log(tp), self._broker.stable_end(tp)
            while self._at[tp] < end and room:
                stored = log[self._at[tp]]
                self._at[tp] += 1
                if stored.committed:
                    found.append(message(tp, stored))
                    room -= 1
            if self._tells_ends and self._at[tp] == end != self._ended.get(tp):
                self._ended[tp] = end
                found.append(Message(topic=tp[0], partition=tp[1], offset=end, error=KafkaError(KafkaError._PARTITION_EOF)))  # noqa: SLF001
        return found

    def _serve(self) -> None:
        while True:
            known = self._group.members.get(self._member.instance)
            if known is not self._member:
                if known is not None:
                    raise KafkaException(KafkaError(KafkaError.FENCED_INSTANCE_ID, "another process has this name", fatal=True))
                self._member = self._group.enter(self._member.instance)
                self._give_up(self._on_lost)
            elif self._group.rebalancing:
                if self._member.instance in self._group.joined:
                    return
                self._give_up(self._on_revoke)
                if self._group.members.get(self._member.instance) is self._member and self._group.rebalancing:
                    self._group.join(self._member)
            elif self._generation != self._group.generation:
                self._generation = self._group.generation
                numbers = self._group.assignment[self._member.instance]
                self._mine = [TopicPartition(topic, number) for topic in self._topics for number in numbers]
                self._on_assign(self, list(self._mine))
            else:
                return

    def _give_up(self, callback: Callback) -> None:
        if self._mine:
            mine, self._mine = self._mine, []
            callback(self, mine)


class Producer:
    """A transactional producer. `mishap` says, at a commit, whether the broker's answer is lost."""

    def __init__(self, broker: Broker, name: str, mishap: Callable[[], bool]) -> None:
        self._broker = broker
        self._name = name
        self._mishap = mishap
        self._transaction = Transaction()

    def init_transactions(self, _timeout_s: float) -> None:
        """End what an earlier process of this name left open, and fence it."""
        self._epoch = self._broker.fence(self._name)

    def begin_transaction(self) -> None:
        """Begin."""
        self._transaction = self._broker.begin(self._name, self._epoch)

    def produce(
        self, topic: str, value: bytes | None, key: bytes, headers: Any = None, partition: int | None = None, **_options: object
    ) -> None:
        """Add a message to the transaction. What a fenced producer sends is refused, which its commit will tell."""
        if self._transaction.state == "open":
            number = self._broker.partition(key) if partition is None else partition
            self._broker.append((topic, number), key, value, tuple(headers or ()), self._transaction)

    def produce_batch(self, topic: str, messages: Sequence[dict[str, Any]]) -> int:
        """Add messages to the transaction; how many were taken."""
        for each in messages:
            self.produce(topic, each["value"], each["key"])
        return len(messages)

    def poll(self, _timeout_s: float) -> int:
        """Nothing to report."""
        return 0

    def send_offsets_to_transaction(self, offsets: Sequence[TopicPartition], group: Membership, _timeout_s: float) -> None:
        """Put offsets into the transaction. Raises KafkaException for a worker that has lost its place in the group."""
        self._broker.must_hold(self._name, self._epoch, self._transaction)
        if not self._broker.group(group.group).holds(group.member, group.generation):
            raise KafkaException(KafkaError(KafkaError.ILLEGAL_GENERATION))
        for part in offsets:
            self._transaction.offsets[group.group, (part.topic, part.partition)] = (part.offset, part.metadata or "")

    def commit_transaction(self, _timeout_s: float) -> None:
        """Commit. Raises KafkaException when it was not committed, or when nobody can tell."""
        self._broker.must_hold(self._name, self._epoch, self._transaction)
        if self._mishap():
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT, "not committed"))  # noqa: SLF001 - the library's public name for it
        self._broker.commit(self._name)
        if self._mishap():
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT, "committed"))  # noqa: SLF001 - the library's public name for it


class MemoryReader(Reader):
    """The recovery's reader. While it reads, others may do something: an assignment can end in the middle of its rebuild."""

    def __init__(self, broker: Broker, meanwhile: Callable[[], None] = lambda: None) -> None:
        self._broker = broker
        self._meanwhile = meanwhile

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def read(self, topic: str, partition: int, start: int, still_polled: Callable[[], None]) -> Iterator[Message]:
        """Committed messages from `start` to the end as it is when the reader gets there."""
        tp, at = (topic, partition), start
        while at < self._broker.stable_end(tp):
            if at % 8 == 0:
                self._meanwhile()
                still_polled()
            stored = self._broker.log(tp)[at]
            at += 1
            if stored.committed:
                yield message(tp, stored)
        self._meanwhile()
        still_polled()
