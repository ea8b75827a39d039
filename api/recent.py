"""The journal's latest records, raw, for as long as ClickHouse does not have them: what was just decided can be read at once."""

import threading
from collections import deque
from collections.abc import Mapping
from typing import Final

from journal.chain import Accepted

BYTES_MAX: Final = 128 * 1024 * 1024
"""Above this the oldest records of the fullest partition go, and reads are as old as ClickHouse is; `/readyz` tells of such a sink."""


class Recent:
    """Accepted records by partition, in order. One thread adds, any thread looks."""

    def __init__(self, bytes_max: int = BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self._records: dict[int, deque[Accepted]] = {}
        self._lock = threading.Lock()
        self.bytes = 0
        """size of all that is kept"""

    def add(self, accepted: Accepted) -> None:
        """Keep one more record."""
        with self._lock:
            self._records.setdefault(accepted.partition, deque()).append(accepted)
            self.bytes += len(accepted.value)
            while self.bytes > self._bytes_max:
                fullest = max(self._records.values(), key=lambda records: sum(len(record.value) for record in records))
                self.bytes -= len(fullest.popleft().value)

    def forget(self, stored: Mapping[int, int]) -> None:
        """Drop what ClickHouse has: by partition, the sequence of the last record that is stored whole."""
        with self._lock:
            for partition, sequence in stored.items():
                records = self._records.get(partition)
                while records and records[0].sequence <= sequence:
                    self.bytes -= len(records.popleft().value)

    def holding(self, text: str) -> list[Accepted]:
        """The records whose bytes hold this text; ids and references are written in JSON as they are."""
        needle = text.encode()
        with self._lock:
            kept = [record for records in self._records.values() for record in records]
        return [record for record in kept if needle in record.value]
