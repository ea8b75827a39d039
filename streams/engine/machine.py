"""What the engine asks of the thing it runs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from confluent_kafka import Message

from journal.letter_box import Seal


class Position(NamedTuple):
    """Where a message stands: index of its topic among the sources, offset, the broker's timestamp in epoch milliseconds."""

    source: int
    offset: int
    appended_ms: int


class Bad(NamedTuple):
    """A message that is no event: the dead letter's error code and a sentence without personal data."""

    code: str
    detail: str


class Output(NamedTuple):
    """A message for a public topic; its partition follows from the key.

    `joins` says that the value is a JSON array which may go out in one message with those of the same topic and key, in their order.
    """

    topic: str
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()
    joins: bool = False


class Machine(Protocol):
    """A fold over one partition's messages. `S` is the partition's state, an entry is what is journalled for one message.

    `apply` and `replay` must leave the same state behind; neither may look at a clock, draw a random number or do I/O.
    """

    name: str
    """names the consumer group and the transactional ids"""
    sources: tuple[str, ...]
    """input topics; they share the journal's partition count and key"""
    spreads: int
    """index of the source whose events may have more entries than fit one record (the clock); -1 for none"""
    journal: str
    checkpoints: str
    letters: str
    seal: Seal
    """makes the content of a dead letter unreadable for everybody but the operator"""

    def open(self, partition: int) -> Any:
        """State of a partition without any history."""

    def decode(self, state: Any, source: int, message: Message) -> Any | Bad:
        """The event in a message. Never raises on bad input."""

    def apply(self, state: Any, event: Any, position: Position, done: int) -> Iterable[Any] | Bad:
        """Entries of one event, its effects taken into the state; Bad, and the state as it was, when the event cannot be handled.

        `done` effects of it were journalled before, by an earlier worker.
        """

    def dead(self, position: Position, bad: Bad) -> Any:
        """The entry that says a message is in the dead-letter topic."""

    def replay(self, state: Any, entry: Any) -> None:
        """Take in an entry of the journal."""

    def effects(self, entry: Any) -> int:
        """Number of effects of an entry."""

    def account(self, entry: Any) -> str:
        """Key of the part of the state that an entry changed."""

    def encode(self, entry: Any) -> bytes:
        """JSON of an entry."""

    def decode_record(self, value: bytes) -> Any:
        """The `ledger.record.Record` in a journal record's bytes."""

    def outputs(self, partition: int, sources: Sequence[str], entries: Sequence[Any]) -> Iterable[Output]:
        """Public messages of journalled entries; the same entries always give the same messages."""

    def snapshot(self, state: Any, keys: Iterable[str]) -> Mapping[str, Any]:
        """Values of parts of the state that stay as they are while the fold goes on."""

    def dump(self, sequence: int, value: Any) -> bytes:
        """Bytes of a checkpoint: a value of `snapshot` and the sequence number of the record that it includes."""

    def load(self, state: Any, key: str, value: bytes) -> int:
        """Put a checkpoint back; the sequence number that it includes."""

    def tick(self, now_ms: int) -> tuple[str, bytes, bytes] | None:
        """Topic, key and value of a clock event for a partition, or None when this machine needs no clock."""
