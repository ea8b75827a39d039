"""The cut: at a cut-off, all entries that wait become files.

The cut is a function of its arguments alone, so the same positions always give the byte-identical files: a crash between
cut and delivery is repaired by cutting again.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from ach.builder import Route, build_batches, file_header
from ach.controls import close_file
from ach.outgoing import OutgoingEntry, Refusal
from ach.packing import Limits, pack
from ach.records import Entry, File

DEFAULT_LIMITS = Limits()
ENTRIES_PER_BATCH_MAX = 400_000
"""the control of a batch counts entries and addenda in six digits"""
FRAME_LINES = 4
"""header and control of the file and of its one batch"""


class SentEntry(Struct, frozen=True, gc=False):
    """Where an entry travels: lineage from our reference to the file."""

    reference: str
    trace_number: str
    batch_number: int
    file_id_modifier: str


class Cut(Struct, frozen=True):
    """The files of one cut-off, and what the next cut of the day must go on from."""

    files: tuple[File, ...]
    sent: tuple[SentEntry, ...]
    refused: tuple[tuple[str, Refusal], ...]
    """reference and reason"""
    next_sequence: int
    next_file_of_day: int


def cut(
    route: Route,
    entries: Iterable[OutgoingEntry],
    *,
    created: datetime,
    file_of_day: int = 0,
    next_sequence: int = 1,
    limits: Limits = DEFAULT_LIMITS,
    entries_per_batch: int | None = None,
    mixed: bool = False,
) -> Cut:
    """Files of these entries within the limits; no file when none may go out. Unless told otherwise a batch is as large as
    a file allows, because a day has only 36 file id modifiers.

    `created` has a time zone; `file_of_day` and `next_sequence` count the day's files and trace numbers of this route,
    kept by the caller. ValueError when the day's modifiers or sequences are used up.
    """
    size = entries_per_batch or _entries_that_fill(limits)
    built = build_batches(entries, next_sequence=next_sequence, entries_per_batch=size, mixed=mixed)
    references = {sent.trace_number: sent.reference for sent in built.sent}
    files: list[File] = []
    sent: list[SentEntry] = []
    for batches in pack(built.batches, limits):
        header = file_header(route, created, file_of_day + len(files))
        files.append(close_file(header, batches))
        for number, batch in enumerate(batches, start=1):
            traces = (entry.trace_number for entry in batch.entries if isinstance(entry, Entry))
            sent.extend(SentEntry(references[trace], trace, number, header.file_id_modifier) for trace in traces if trace in references)
    return Cut(tuple(files), tuple(sent), built.refused, built.next_sequence, file_of_day + len(files))


def heartbeat(route: Route, created: datetime, file_of_day: int = 0) -> File:
    """A file without batches, by which a bank that had agreed to it sees that we are there. ValueError as `cut` raises it.

    `ach.options.Options.allow_zero_batches` lets a reader take it; a bank that did not agree rejects it.
    """
    return close_file(file_header(route, created, file_of_day), ())


def _entries_that_fill(limits: Limits) -> int:
    """How many entries without addenda one batch may have to make a full file, none of it left empty."""
    return min(limits.lines_max // 10 * 10 - FRAME_LINES, ENTRIES_PER_BATCH_MAX) if limits.lines_max else ENTRIES_PER_BATCH_MAX
