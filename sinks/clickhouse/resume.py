"""Where the sink goes on after a start: what Kafka says was done, held against what ClickHouse really has.

The two can only disagree by one block, and only while it is marked as pending. Anything else means that data was lost or is there twice,
which no guess may paper over: the tables are then rebuilt from the journal.
"""

from typing import NamedTuple

from journal.chain import Place
from ledger.record import Link

_PENDING = "pending:"
_REBUILD = "stop the sink and run `hms-ach rebuild`"


class SinkError(Exception):
    """The tables are not what the journal and the committed offsets say. The message is one sentence with the remedy."""


class Stored(NamedTuple):
    """What ClickHouse has of one partition's journal: how many records, and the last one's sequence, offset and hash."""

    records: int
    sequence: int
    offset: int
    hash: str


class Resume(NamedTuple):
    """Read from `place` on. With `last`, the first block must end with that record: it was offered before."""

    place: Place
    last: int | None = None


def pending_note(last: int) -> str:
    """The note that says: a block that ends with record `last` is being offered."""
    return f"{_PENDING}{last}"


def pending_last(note: str) -> int | None:
    """The last record of the block that a note speaks of, None when no block is pending."""
    return int(note.removeprefix(_PENDING)) if note.startswith(_PENDING) else None


def resume(partition: int, committed: tuple[Place, str] | None, stored: Stored | None, unfinished_rows: int = 0) -> Resume:
    """Where to go on in a partition. `unfinished_rows` are rows of records beyond what is stored whole; they matter, and need to be
    counted, only when nothing is committed.

    Raises SinkError when ClickHouse misses records that were committed as stored, holds records that were never committed, or
    holds a record twice or a gap. Committed offsets that Kafka has forgotten are found again from the tables.
    """
    where = f"ClickHouse and the committed offset disagree on journal partition {partition}"
    if stored is not None and stored.records != stored.sequence + 1:
        raise SinkError(
            f"ClickHouse holds {stored.records} records of journal partition {partition} up to number {stored.sequence}, "
            f"which should be {stored.sequence + 1}; {_REBUILD}."
        )
    if committed is None:
        return _from_tables(partition, stored, unfinished_rows)
    place, last = committed[0], pending_last(committed[1])
    have = stored.sequence + 1 if stored is not None else 0
    if last is not None and last < place.link.sequence:
        raise SinkError(f"{where}: a block up to record {last} is pending at record {place.link.sequence}; {_REBUILD}.")
    if have == place.link.sequence:
        if stored is not None and stored.hash != place.link.previous:
            raise SinkError(f"{where}: record {stored.sequence} is another one; {_REBUILD}.")
        return Resume(place, last)
    if last is not None and have == last + 1:
        return Resume(place, last)
    raise SinkError(f"{where}: the tables end before record {have}, the offset stands at record {place.link.sequence}; {_REBUILD}.")


def _from_tables(partition: int, stored: Stored | None, unfinished_rows: int) -> Resume:
    if unfinished_rows:
        raise SinkError(
            f"Nothing is committed for journal partition {partition}, yet {unfinished_rows} rows are of an unfinished block; {_REBUILD}."
        )
    if stored is None:
        return Resume(Place())
    return Resume(Place(stored.offset + 1, Link(stored.sequence + 1, stored.hash)))
