"""Reading a file record by record, checking as it goes: the state machine behind reader, validator and summary.

It never stops at an error: what cannot be placed is reported and skipped, the rest is read. Its memory is the open
batch's totals and the first problems; entries go to the collector, if there is one.
"""

from typing import Any, Protocol

from msgspec.structs import replace

from ach.addenda_layouts import addenda_layout
from ach.columns import entries_of
from ach.control_checks import check_batch_control, check_batch_header, check_file_control, check_file_header
from ach.entry_checks import check_entry
from ach.fields import Layout
from ach.findings import Finding, filled_reserve, odd_characters
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
from ach.lines import Rows
from ach.open_batch import Category, OpenBatch, category_of
from ach.open_file import OpenFile
from ach.options import Options
from ach.problem_log import ProblemLog
from ach.problems import Rule
from ach.records import (
    Addenda,
    AnyBatchControl,
    AnyBatchHeader,
    AnyEntry,
    FileControl,
    FileHeader,
)
from ach.statistics import Statistics
from ach.tally import Tally

ADDENDA_MAX = 9999
"""of one entry: the number of addenda has four digits"""


class Collector(Protocol):
    """Takes the records as they are read, in order."""

    def batch_begins(self, header: AnyBatchHeader | None) -> None:
        """A batch header, or entries outside any batch (None)."""

    def entry_ends(self, entry: AnyEntry) -> None:
        """An entry, complete with its addenda."""

    def batch_ends(self, control: AnyBatchControl | None) -> None:
        """A batch control, or the end of a batch without one (None)."""


class Examiner:
    """One pass over one file. Feed it the records in order, then `finish`."""

    def __init__(self, options: Options, log: ProblemLog, collector: Collector | None = None) -> None:
        """Problems go to `log`, records to `collector`."""
        self._log = log
        self._options = options
        self._collector = collector
        self.statistics = Statistics()
        self.header: FileHeader | None = None
        self.control: FileControl | None = None
        self.batch: OpenBatch | None = None
        self.tally = Tally()
        """of everything that was read"""
        self._file = OpenFile()
        self._entry: AnyEntry | None = None
        self._entry_line = 0
        self._addenda: list[tuple[int, Layout, Addenda]] = []

    def take(self, number: int, line: str) -> None:
        """Read one record of 94 columns."""
        self._file.records += 1
        code = line[0]
        if code != "7":  # nor does addenda behind a damaged entry count as that of the one before
            self.close_entry()
        if code == "6":
            self._take_entry(number, line)
        elif code == "7":
            self._take_addenda(number, line)
        elif code == "5":
            self._take_batch_header(number, line)
        elif code == "8":
            self._take_batch_control(number, line)
        elif code == "9":
            self._take_file_control(number, line)
        elif code == "1":
            self._take_file_header(number, line)
        else:
            self._log.add(Rule.RECORD_TYPE, "is no record type", number, value=ascii(code)[1:-1])

    def take_ordinary(self, rows: Rows, start: int, end: int) -> None:
        """Forward entries of the open batch that `ach.columns` has checked and added up."""
        self._file.records += end - start
        self.statistics.count_forward(int((rows.matrix[start:end, 0] == ord("6")).sum()))
        if self._collector is not None:
            for entry in entries_of(rows, start, end):
                self._collector.entry_ends(entry)

    def finish(self) -> None:
        """The input has ended: close what is open and hold the file against its control."""
        self._close_batch(None)
        if self.header is None:
            self._log.add(Rule.FILE_HEADER, "the file header is missing", 0, "file header")
        self._close_file()

    def _close_file(self) -> None:
        file, log = self._file, self._log
        if file.batches == 0:
            log.add(Rule.NO_BATCHES, "the file holds no batches", 0)
        if file.control is None:
            log.add(Rule.FILE_CONTROL, "the file control is missing", 0, "file control")
            return
        findings = check_file_control(file.control, file.tally, file.batches, file.records)
        log.add_findings(findings, file.control_line, self._file_control_layout())
        if file.records % 10:
            message = f"{file.records} records are not filled up with nines to a multiple of ten"
            log.add(Rule.PADDING, message, 0)

    def close_entry(self) -> None:
        """The open entry is complete: check it, count it and hand it on."""
        entry, batch = self._entry, self.batch
        if entry is None or batch is None:
            return
        if self._addenda:
            entry = replace(entry, addenda=tuple(addenda for _, _, addenda in self._addenda))
        for finding in check_entry(entry, batch):
            self._log_finding(finding)
        batch.tally.add_entry(entry)
        batch.last_trace = getattr(entry, "trace_number", "")
        category = category_of(entry)
        if batch.category is None and category is not Category.NOTICE_OF_CHANGE:
            batch.category = category
        self.statistics.count_entry(entry, category)
        if self._collector is not None:
            self._collector.entry_ends(entry)
        self._entry = None
        self._addenda = []

    def _take_file_header(self, number: int, line: str) -> None:
        header = self._parse(FILE_HEADER, number, line)
        if self.header is not None:
            self._log.add(Rule.FILE_HEADER, "a second file header", number, FILE_HEADER.name)
            if self._file.control is not None:  # another file, with a control of its own
                self._file.records -= 1
                self._close_file()
                self._file = OpenFile(records=1)
            return
        if self._file.batches:
            self._log.add(Rule.FILE_HEADER, "the file header does not come first", number, FILE_HEADER.name)
        self.header = header
        self._log.add_findings(check_file_header(header, self._options), number, FILE_HEADER)

    def _take_batch_header(self, number: int, line: str) -> None:
        if self.batch is not None:
            self._close_batch(None)
        is_iat = line[50:53].upper() == "IAT" or line[4:20].rstrip() == "IATCOR"
        layout = IAT_BATCH_HEADER if is_iat else BATCH_HEADER
        header: AnyBatchHeader = self._parse(layout, number, line)
        self._log.add_findings(check_batch_header(header), number, layout)
        if header.batch_number <= self._file.last_batch_number:
            message = f"must be greater than the one before, {self._file.last_batch_number}"
            finding = Finding(Rule.BATCH_NUMBER_ASCENDING, "batch_number", message, str(header.batch_number))
            self._log.add_findings((finding,), number, layout)
        self._file.last_batch_number = header.batch_number
        self._open_batch(OpenBatch(header, number))

    def _open_batch(self, batch: OpenBatch) -> None:
        if self._file.control is not None:
            self._log.add(Rule.FILE_CONTROL, "a batch follows the file control", batch.line, BATCH_HEADER.name)
        self.batch = batch
        self._file.batches += 1
        self.statistics.count_batch(batch.sec)
        if self._collector is not None:
            self._collector.batch_begins(batch.header)

    def _take_entry(self, number: int, line: str) -> None:
        if self.batch is None:
            self._log.add(Rule.ENTRY_OUTSIDE_BATCH, "stands outside any batch", number, ENTRY.name)
            self._open_batch(OpenBatch(None, number))
        layout = self._entry_layout()
        self._entry = self._parse(layout, number, line)
        self._entry_line = number

    def _take_addenda(self, number: int, line: str) -> None:
        layout = addenda_layout(line)
        addenda: Addenda = self._parse(layout, number, line)
        if self._entry is None:
            self._log.add(Rule.ADDENDA_OUTSIDE_ENTRY, "follows no entry", number, layout.name)
            return
        if len(self._addenda) == ADDENDA_MAX:
            self._log.add(Rule.ADDENDA_COUNT, f"an entry has at most {ADDENDA_MAX} addenda", number, layout.name)
            return
        self._addenda.append((number, layout, addenda))

    def _take_batch_control(self, number: int, line: str) -> None:
        batch = self.batch
        layout = ADV_BATCH_CONTROL if batch is not None and batch.sec == "ADV" else BATCH_CONTROL
        control: AnyBatchControl = self._parse(layout, number, line)
        if batch is None:
            self._log.add(Rule.BATCH_CONTROL, "a batch control without a batch", number, layout.name)
            return
        self._log.add_findings(check_batch_control(batch.header, control, batch.tally), number, layout)
        self._close_batch(control)

    def _close_batch(self, control: AnyBatchControl | None) -> None:
        self.close_entry()
        batch = self.batch
        if batch is None:
            return
        if batch.tally.records == 0:
            self._log.add(Rule.NO_ENTRIES, "the batch holds no entries", batch.line, BATCH_HEADER.name)
        if control is None:
            self._log.add(Rule.BATCH_CONTROL, "the batch has no control", batch.line, BATCH_CONTROL.name)
        stated_hash = control.entry_hash if control else None
        self.tally.add_batch(batch.tally, stated_hash)
        self._file.tally.add_batch(batch.tally, stated_hash)
        self.statistics.count_totals(batch.sec, batch.tally)
        if self._collector is not None:
            self._collector.batch_ends(control)
        self.batch = None

    def _take_file_control(self, number: int, line: str) -> None:
        file = self._file
        if not line.rstrip().strip("9"):
            if file.control is None:
                self._log.add(Rule.PADDING, "padding before the file control", number)
            return
        self._close_batch(None)
        if file.control is not None:
            self._log.add(Rule.FILE_CONTROL, "a second file control", number, FILE_CONTROL.name)
            return
        file.control = self._parse(self._file_control_layout(), number, line)
        file.control_line = number
        self.control = self.control or file.control

    def _file_control_layout(self) -> Layout:
        return ADV_FILE_CONTROL if self.statistics.has_class("ADV") else FILE_CONTROL

    def _entry_layout(self) -> Layout:
        batch = self.batch
        if batch is None or batch.header is None:
            return ENTRY
        if batch.sec == "ADV":
            return ADV_ENTRY
        return IAT_ENTRY if batch.is_iat else ENTRY

    def _parse(self, layout: Layout, number: int, line: str) -> Any:
        record, remarks = layout.parse(line)
        for remark in remarks:
            finding = Finding(remark.rule, remark.field.name, remark.message, remark.value)
            self._log.add_findings((finding,), number, layout)
        self._log.add_findings(odd_characters(layout, line), number, layout)
        self._log.add_findings(filled_reserve(layout, line), number, layout)
        return record

    def _log_finding(self, finding: Finding) -> None:
        """An entry's finding, at the line of the entry or of the addenda record it speaks of."""
        if finding.addenda is None:
            self._log.add_findings((finding,), self._entry_line, self._entry_layout())
        else:
            number, layout, _ = self._addenda[finding.addenda]
            self._log.add_findings((finding,), number, layout)
