"""A key topic in memory, which several stores can share like a broker's."""

from collections.abc import Mapping

from journal.keys.jwe import KEY_BYTES
from journal.keys.log import Pair
from journal.keys.masters import HeldMasters, KeyAccessError
from journal.keys.sealer import Sealer
from journal.keys.store import KeyStore

FIRST = bytes(range(KEY_BYTES))
SECOND = bytes(range(1, KEY_BYTES + 1))


class Topic(list[Pair]):
    """Its records. `write_fails` plays a broker that does not answer; `compacted` keeps the last record of each key."""

    write_fails = False

    def compacted(self) -> "Topic":
        last = dict(self)
        return Topic((key, value) for key, value in last.items() if value is not None)


class MemoryLog:
    """One reader and writer of a topic."""

    def __init__(self, topic: Topic) -> None:
        self._topic = topic
        self.next_offset = 0

    def read(self, seconds: float) -> list[Pair]:
        found = self._topic[self.next_offset :]
        self.next_offset += len(found)
        return found

    def end(self) -> int:
        return len(self._topic)

    def write(self, records: Mapping[bytes, bytes | None]) -> None:
        if self._topic.write_fails:
            raise KeyAccessError("Kafka did not take a key")
        self._topic.extend(records.items())

    def close(self) -> None:
        """Nothing is held."""


def store(topic: Topic, *masters: tuple[str, bytes]) -> KeyStore:
    """A store that has read the topic; the first master key is the current one."""
    made = KeyStore(MemoryLog(topic), MemoryLog(topic), HeldMasters(dict(masters or [("m1", FIRST)])))
    made.catch_up()
    return made


def sealer(topic: Topic | None = None) -> Sealer:
    """A sealer on a topic of its own."""
    return Sealer(store(Topic() if topic is None else topic))
