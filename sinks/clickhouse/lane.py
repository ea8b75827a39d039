"""One partition's records on their way into ClickHouse: a block in the making."""

from typing import Final

from journal.chain import Accepted, Place

BLOCK_BYTES: Final = 4_000_000
"""A block is closed by the record that reaches this size: about 40,000 rows. Reached under load alone, where half of it cost a third more
(40 against 30 us an event, merges included; one run each)."""
BLOCK_SECONDS: Final = 1.0
"""A block is closed when its first record has waited this long; under load longer (`patience`)."""
QUIET_SECONDS: Final = 0.3
"""A block that nothing joined for this long has nothing to be patient for."""
BEHIND_SECONDS: Final = 2.0
"""A sink whose newest record is older than this works off a backlog."""
_PATIENCE_SECONDS_MAX = 6.0
_BUSY_SHARE_MAX = 0.4


def patience(block_s: float, lanes: int, age_s: float) -> float:
    """How long a block may wait for more records, when storing one takes `block_s` and the newest record is `age_s` old.

    Each block costs a fixed sum for every table it touches. When there is a backlog, fewer and larger blocks keep the sink's share of the
    time below two fifths, until blocks are full before they are old. A sink that keeps up stores at once: people look at its tables.
    """
    if age_s < BEHIND_SECONDS:
        return BLOCK_SECONDS
    return min(max(BLOCK_SECONDS, block_s * lanes / _BUSY_SHARE_MAX), _PATIENCE_SECONDS_MAX)


class Lane:
    """The block that is being gathered. `last` is given after a crash: the block that was offered then ends with that record, and
    must be offered again exactly so."""

    def __init__(self, partition: int, start: Place, last: int | None = None) -> None:
        self.partition = partition
        self.start = start
        self.last = last
        self.records: list[Accepted] = []
        self.bytes = 0
        self.opened_s = 0.0
        self._joined_s = 0.0

    def add(self, accepted: Accepted, now_s: float) -> None:
        """Take the next record."""
        if not self.records:
            self.opened_s = now_s
        self._joined_s = now_s
        self.records.append(accepted)
        self.bytes += len(accepted.value)

    def is_due(self, now_s: float, patience_s: float = BLOCK_SECONDS) -> bool:
        """Whether the block is to be stored now."""
        if not self.records:
            return False
        if self.last is not None:
            return self.records[-1].sequence == self.last
        if now_s - self._joined_s >= QUIET_SECONDS:
            patience_s = BLOCK_SECONDS
        return self.bytes >= BLOCK_BYTES or now_s - self.opened_s >= patience_s

    def is_full(self) -> bool:
        """Whether no further record may join the block."""
        if self.last is not None:
            return bool(self.records) and self.records[-1].sequence == self.last
        return self.bytes >= BLOCK_BYTES

    def token(self) -> str:
        """Name of the block: always the same for the same records."""
        return f"journal:{self.partition}:{self.records[0].sequence}-{self.records[-1].sequence}"

    def next(self) -> "Lane":
        """The empty lane behind this block."""
        return Lane(self.partition, self.records[-1].place)
