"""Writing a Nacha file: 94 columns a record, filled up with nines to whole blocks of ten, each line ended by a line feed.

Writing is strict: a value that does not fit its columns is a ValueError that names it. It adds nothing up: totals and
counts are the builder's (`ach.builder`).
"""

from collections.abc import Iterator

from ach.addenda_layouts import LAYOUT_OF
from ach.fields import Layout
from ach.layouts import (
    ADV_BATCH_CONTROL,
    ADV_ENTRY,
    ADV_FILE_CONTROL,
    BATCH_CONTROL,
    BATCH_HEADER,
    ENTRY,
    FILE_CONTROL,
    FILE_HEADER,
    IAT_BATCH_HEADER,
    IAT_ENTRY,
)
from ach.records import (
    AdvBatchControl,
    AdvEntry,
    Batch,
    BatchControl,
    BatchHeader,
    Entry,
    File,
    IatBatchHeader,
    IatEntry,
)

PAD = "9" * 94
BLOCK_RECORDS = 10

_LAYOUTS: dict[type, Layout] = {
    BatchHeader: BATCH_HEADER,
    IatBatchHeader: IAT_BATCH_HEADER,
    Entry: ENTRY,
    AdvEntry: ADV_ENTRY,
    IatEntry: IAT_ENTRY,
    BatchControl: BATCH_CONTROL,
    AdvBatchControl: ADV_BATCH_CONTROL,
    **LAYOUT_OF,
}


def write(file: File) -> bytes:
    """The bytes of this file; ValueError naming the record and field that cannot be written."""
    return ("\n".join(lines_of(file)) + "\n").encode("ascii")


def lines_of(file: File) -> Iterator[str]:
    """The records of this file in order, padding included when there is a file control."""
    count = 0
    for line in _records(file):
        count += 1
        yield line
    if file.control is not None:
        for _ in range(-count % BLOCK_RECORDS):
            yield PAD


def _records(file: File) -> Iterator[str]:
    if file.header is not None:
        yield FILE_HEADER.render(file.header)
    open_before = False
    for batch in file.batches:
        if open_before and batch.header is None:
            raise ValueError("a batch without header behind one without control would read as its part")
        open_before = batch.control is None
        yield from batch_lines(batch)
    if file.control is not None:
        line = (ADV_FILE_CONTROL if any(map(_is_adv, file.batches)) else FILE_CONTROL).render(file.control)
        if not line.strip("9 "):
            raise ValueError("file control: nothing but nines would read as padding")
        yield line


def _is_adv(batch: Batch) -> bool:
    """Whether the batch says so, in its header or by its control: the reader goes by the header, which a damaged file may lack."""
    stated = isinstance(batch.header, BatchHeader) and batch.header.standard_entry_class_code == "ADV"
    return stated or isinstance(batch.control, AdvBatchControl)


def batch_lines(batch: Batch) -> Iterator[str]:
    """The records of one batch."""
    if batch.header is not None:
        yield _LAYOUTS[type(batch.header)].render(batch.header)
    for entry in batch.entries:
        yield _LAYOUTS[type(entry)].render(entry)
        for addenda in entry.addenda:
            yield _LAYOUTS[type(addenda)].render(addenda)
    if batch.control is not None:
        yield _LAYOUTS[type(batch.control)].render(batch.control)
