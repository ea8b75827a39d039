"""Arrays of one transaction that become one message a topic and key: a reader pays for every message, however little is in it."""

from collections.abc import Iterator, Sequence

from streams.engine.machine import Output

MESSAGE_BYTES_MAX = 500_000
"""before compression; a larger array that came alone stays alone"""


class Joint:
    """What waits for the end of a transaction, by topic and key, in order of arrival."""

    def __init__(self) -> None:
        self._waiting: dict[str, dict[bytes, list[bytes]]] = {}

    def add(self, output: Output) -> None:
        """Put an array behind those of its topic and key."""
        self._waiting.setdefault(output.topic, {}).setdefault(output.key, []).append(output.value)

    def take(self, topic: str) -> Iterator[Output]:
        """What waits for this topic; nothing of it waits any longer."""
        for key, arrays in self._waiting.pop(topic, {}).items():
            for part in _parts(arrays):
                yield Output(topic, key, b"[%b]" % b",".join(array[1:-1] for array in part) if len(part) > 1 else part[0])

    def take_all(self) -> Iterator[Output]:
        """What waits for any topic."""
        for topic in [*self._waiting]:
            yield from self.take(topic)

    def __contains__(self, topic: str) -> bool:
        """Whether anything waits for this topic."""
        return topic in self._waiting


def _parts(arrays: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Arrays that fit one message together."""
    first, size = 0, 0
    for number, array in enumerate(arrays):
        size += len(array)
        if size > MESSAGE_BYTES_MAX and number > first:
            yield arrays[first:number]
            first, size = number, len(array)
    yield arrays[first:]
