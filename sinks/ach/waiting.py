"""Entries that wait for a cut, and the cancellations among them."""

from collections.abc import Collection, Iterable

from sinks.ach.due import Due


class Waiting:
    """What was read of both topics and is in no cut yet. Fed in the order of each partition."""

    def __init__(self) -> None:
        self._dues: dict[int, dict[int, Due]] = {}
        self._canceled: dict[str, tuple[int, int]] = {}
        """payment to the partition and offset of its cancellation"""

    def __len__(self) -> int:
        return sum(len(dues) for dues in self._dues.values())

    def add(self, due: Due) -> None:
        """An entry waits."""
        self._dues.setdefault(due.partition, {})[due.offset] = due

    def cancel(self, transaction_id: str, partition: int, offset: int) -> None:
        """A payment was canceled; its entry may not have been read yet."""
        self._canceled[transaction_id] = (partition, offset)

    def is_canceled(self, due: Due) -> bool:
        """Whether this entry's payment was canceled."""
        return due.transaction_id in self._canceled

    def of(self, hospitals: Collection[str] | None) -> list[Due]:
        """Waiting entries of these hospitals (None: of all), and every canceled one, whosever it is: after a cut none waits."""
        return [
            due
            for partition in sorted(self._dues)
            for due in self._dues[partition].values()
            if hospitals is None or due.hospital_id in hospitals or self.is_canceled(due)
        ]

    def hospitals(self) -> set[str]:
        """Hospitals that have entries waiting."""
        return {due.hospital_id for dues in self._dues.values() for due in dues.values()}

    def offsets(self, partition: int) -> list[int]:
        """Offsets of all that waits in a partition, in order."""
        return list(self._dues.get(partition, ()))

    def take(self, dues: Iterable[Due]) -> None:
        """These are in a cut now."""
        for due in dues:
            del self._dues[due.partition][due.offset]
            self._canceled.pop(due.transaction_id, None)

    def forget_canceled(self, heard: dict[int, int]) -> None:
        """Cancellations before these offsets whose entry does not wait concern entries that were cut long ago, or never were."""
        waiting = {due.transaction_id for dues in self._dues.values() for due in dues.values()}
        self._canceled = {name: place for name, place in self._canceled.items() if name in waiting or place[1] >= heard.get(place[0], 0)}
