"""Kafka in memory: logs with transactions, consumer groups with static members, committed offsets with metadata, and all the fencing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from confluent_kafka import KafkaError, KafkaException

from bench.sim.clock import Clock
from journal.partitioner import partition_of

Tp = tuple[str, int]
Headers = tuple[tuple[str, bytes | None], ...]
OPEN, COMMITTED, ABORTED = "open", "committed", "aborted"


@dataclass(eq=False)
class Transaction:
    """Messages and offsets that count together or not at all."""

    state: str = OPEN
    first: dict[Tp, int] = field(default_factory=dict)
    """its first message in each log"""
    offsets: dict[tuple[str, Tp], tuple[int, str]] = field(default_factory=dict)
    """by group and partition"""


class Stored(NamedTuple):
    """One message in a log; a marker of a transaction's end has no transaction and is never read."""

    offset: int
    at_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    transaction: Transaction | None
    marker: bool = False

    @property
    def committed(self) -> bool:
        """Whether a reader of committed messages gets it."""
        return not self.marker and (self.transaction is None or self.transaction.state == COMMITTED)


@dataclass(eq=False)
class Member:
    """A process in a group. A newer one of the same name takes its place."""

    instance: str


@dataclass
class Group:
    """A consumer group. Partitions are shared by range; every topic has the same number of them."""

    partitions: int
    members: dict[str, Member] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    rebalancing: bool = False
    generation: int = 0
    assignment: dict[str, list[int]] = field(default_factory=dict)
    offsets: dict[Tp, tuple[int, str]] = field(default_factory=dict)

    def enter(self, instance: str) -> Member:
        """A new process; if its name is known, it has that one's partitions without a rebalance."""
        member, known = Member(instance), instance in self.members
        self.members[instance] = member
        self.joined.discard(instance)
        if not known:
            self.rebalance()
        return member

    def rebalance(self) -> None:
        """Everybody has to give up what he has and join again."""
        self.rebalancing, self.joined = True, set()

    def join(self, member: Member) -> None:
        """Take part in the next generation; it begins when all do."""
        self.joined.add(member.instance)
        self._begin()

    def expel(self, instance: str) -> None:
        """Nothing was heard of it for too long."""
        del self.members[instance]
        self.joined.discard(instance)
        if self.rebalancing:
            self._begin()
        else:
            self.rebalance()

    def holds(self, member: Member, generation: int) -> bool:
        """Whether a commit of this member under this generation counts."""
        return self.members.get(member.instance) is member and generation == self.generation

    def _begin(self) -> None:
        if not self.members or not self.joined >= self.members.keys():
            return
        self.rebalancing = False
        self.generation += 1
        names, numbers = sorted(self.members), list(range(self.partitions))
        each, more = divmod(len(numbers), len(names))
        self.assignment, start = {}, 0
        for index, name in enumerate(names):
            end = start + each + (index < more)
            self.assignment[name] = numbers[start:end]
            start = end


class Broker:
    """All logs, groups and transactional producers."""

    def __init__(self, clock: Clock, partitions: int) -> None:
        self.partitions = partitions
        self._clock = clock
        self._logs: dict[Tp, list[Stored]] = {}
        self._groups: dict[str, Group] = {}
        self._epochs: dict[str, int] = {}
        self._open: dict[str, Transaction] = {}

    def log(self, tp: Tp) -> list[Stored]:
        """Every message and marker of a partition."""
        return self._logs.setdefault(tp, [])

    def topic(self, topic: str) -> Iterator[tuple[int, Stored]]:
        """Every message with its partition, by partition."""
        for number in range(self.partitions):
            yield from ((number, stored) for stored in self.log((topic, number)))

    def append(self, tp: Tp, key: bytes | None, value: bytes | None, headers: Headers = (), transaction: Transaction | None = None) -> int:
        """Add a message; its offset."""
        log = self.log(tp)
        offset = len(log)
        log.append(Stored(offset, self._clock.ms, key, value, headers, transaction))
        if transaction is not None:
            transaction.first.setdefault(tp, offset)
        return offset

    def stable_end(self, tp: Tp) -> int:
        """Where a reader of committed messages has to stop: in front of the first transaction that is open."""
        return min([txn.first[tp] for txn in self._open.values() if tp in txn.first], default=len(self.log(tp)))

    def group(self, name: str) -> Group:
        """A consumer group; there when asked for."""
        return self._groups.setdefault(name, Group(self.partitions))

    def partition(self, key: bytes) -> int:
        """Where producers put a key."""
        return _partition(key, self.partitions)

    def fence(self, name: str) -> int:
        """A producer begins under a transactional id: what an earlier one left open is gone. Its epoch."""
        self._end(name, ABORTED)
        self._epochs[name] = self._epochs.get(name, -1) + 1
        return self._epochs[name]

    def begin(self, name: str, epoch: int) -> Transaction:
        """A transaction; of a fenced producer it stays outside of everything."""
        transaction = Transaction()
        if self._epochs[name] == epoch:
            self._open[name] = transaction
        else:
            transaction.state = ABORTED
        return transaction

    def must_hold(self, name: str, epoch: int, transaction: Transaction) -> None:
        """Raises KafkaException for a producer that is fenced or whose transaction was ended by the broker."""
        if self._epochs[name] != epoch or transaction.state != OPEN:
            raise KafkaException(KafkaError(KafkaError._FENCED, "fenced", fatal=True))  # noqa: SLF001 - the library's public name for it

    def commit(self, name: str) -> None:
        """The messages and offsets of the transaction count."""
        self._end(name, COMMITTED)

    def expire(self, name: str) -> None:
        """A transaction was open for too long: the broker aborts it, and fences its producer."""
        if name in self._open:
            self.fence(name)

    def open_transactions(self) -> list[str]:
        """Transactional ids with a transaction under way."""
        return list(self._open)

    def committed(self, group: str, tp: Tp) -> tuple[int, str] | None:
        """The committed offset and its metadata. A reader of stable offsets waits for transactions: until the broker ends them."""
        for name, transaction in list(self._open.items()):
            if (group, tp) in transaction.offsets:
                self.expire(name)
        return self.group(group).offsets.get(tp)

    def _end(self, name: str, state: str) -> None:
        transaction = self._open.pop(name, None)
        if transaction is None:
            return
        transaction.state = state
        for tp in transaction.first:
            log = self.log(tp)
            log.append(Stored(len(log), self._clock.ms, None, None, (), None, marker=True))
        if state == COMMITTED:
            for (group, tp), held in transaction.offsets.items():
                self.group(group).offsets[tp] = held


@lru_cache(4096)
def _partition(key: bytes, partitions: int) -> int:
    return partition_of(key, partitions)
