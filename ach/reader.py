"""Reading a Nacha file into values: all of it at once, or entry by entry while it streams.

Reading is tolerant: any line ending, trimmed or overlong lines, missing padding, header or control. What can be read
comes back as values, what cannot comes back as problems; `ach.options` names what to put up with.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct

from ach.examine import DEFAULT, Examination, Pass, examine
from ach.lines import split
from ach.options import Options
from ach.problems import Problem
from ach.records import AnyBatchControl, AnyBatchHeader, AnyEntry, Batch, File


class Reading(Struct, frozen=True):
    """A file as far as it could be read, and what is wrong with it."""

    file: File
    problems: tuple[Problem, ...]
    errors: int
    warnings: int

    @property
    def valid(self) -> bool:
        """Whether there is no error; warnings do not count."""
        return self.errors == 0


class ReadEntry(NamedTuple):
    """One entry with the header of the batch it stands in (None when it stands in none)."""

    header: AnyBatchHeader | None
    entry: AnyEntry


class _BatchCollector:
    """Gathers whole batches."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self._header: AnyBatchHeader | None = None
        self._entries: list[AnyEntry] = []

    def batch_begins(self, header: AnyBatchHeader | None) -> None:
        self._header = header
        self._entries = []

    def entry_ends(self, entry: AnyEntry) -> None:
        self._entries.append(entry)

    def batch_ends(self, control: AnyBatchControl | None) -> None:
        self.batches.append(Batch(self._header, tuple(self._entries), control))


class _EntryCollector:
    """Holds the entries of one block until they are taken."""

    def __init__(self) -> None:
        self._header: AnyBatchHeader | None = None
        self._entries: list[ReadEntry] = []

    def batch_begins(self, header: AnyBatchHeader | None) -> None:
        self._header = header

    def entry_ends(self, entry: AnyEntry) -> None:
        self._entries.append(ReadEntry(self._header, entry))

    def batch_ends(self, control: AnyBatchControl | None) -> None:
        """Nothing is kept of a control."""

    def take(self) -> list[ReadEntry]:
        taken, self._entries = self._entries, []
        return taken


def read(data: bytes | Iterable[bytes], options: Options = DEFAULT) -> Reading:
    """The whole file as values, with every problem. Never raises on any input."""
    collector = _BatchCollector()
    found = examine(data, options, collector)
    file = File(found.header, tuple(collector.batches), found.control)
    return Reading(file, found.problems, found.errors, found.warnings)


class EntryStream:
    """The entries of a file, one after the other, in memory that does not grow with it.

    Iterate once; `examination` is there when the iteration has come to its end.
    """

    def __init__(self, data: bytes | Iterable[bytes], options: Options = DEFAULT) -> None:
        """Nothing is read before the iteration begins."""
        self._data = data
        self._options = options
        self.examination: Examination | None = None

    def __iter__(self) -> Iterator[ReadEntry]:
        """Entries in the order of the file, each complete with its addenda."""
        collector = _EntryCollector()
        reading = Pass(self._options, collector)
        for block in split(self._data):
            reading.feed(block)
            yield from collector.take()
        self.examination = reading.finish()
        yield from collector.take()
