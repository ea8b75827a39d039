"""One pass over a file: whole runs of ordinary entries in columns, everything else record by record.

Reader, validator and summary share it. It streams: memory does not grow with the file.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ach.columns import find_ordinary, runs, take_run
from ach.examiner import Collector, Examiner
from ach.lines import Ragged, Rows, normalize, split
from ach.options import Options
from ach.problem_log import ProblemLog
from ach.problems import Problem, Rule
from ach.records import FileControl, FileHeader
from ach.statistics import Statistics
from ach.tally import Tally

DEFAULT = Options()


class Examination(NamedTuple):
    """What one pass over a file found."""

    header: FileHeader | None
    control: FileControl | None
    totals: Tally
    """what the entries make, whatever the control says"""
    statistics: Statistics
    problems: tuple[Problem, ...]
    """the first thousand, in order of lines"""
    errors: int
    warnings: int
    lines: int

    @property
    def valid(self) -> bool:
        """Whether there is no error; warnings do not count."""
        return self.errors == 0


class Pass:
    """A pass under way: feed it blocks in order, then `finish`."""

    def __init__(self, options: Options, collector: Collector | None = None, *, columnar: bool = True) -> None:
        """Records go to `collector`, if there is one, as they are read. Without `columnar` every record is read by
        itself: slower, with the same outcome.
        """
        self._log = ProblemLog(options)
        self._columnar = columnar
        self._examiner = Examiner(options, self._log, collector)
        self._lines = 0

    def feed(self, block: Rows | Ragged) -> None:
        """Read the next lines."""
        if isinstance(block, Rows):
            self._take_rows(block)
            self._lines += len(block.matrix)
        else:
            for offset, raw in enumerate(block.lines):
                if raw:
                    self._take_line(block.first_line + offset, raw)
            self._lines += len(block.lines)

    def finish(self) -> Examination:
        """The input has ended."""
        examiner, log = self._examiner, self._log
        examiner.finish()
        return Examination(
            examiner.header,
            examiner.control,
            examiner.tally,
            examiner.statistics,
            tuple(sorted(log.problems, key=lambda problem: problem.line or self._lines + 1)),
            log.errors,
            log.warnings,
            self._lines,
        )

    def _take_rows(self, rows: Rows) -> None:
        if not self._columnar:
            self._take_singly(rows, 0, len(rows.matrix))
            return
        ordinary = find_ordinary(rows)
        for start, end, is_run in runs(ordinary):
            if is_run:
                self._examiner.close_entry()
            if is_run and take_run(rows, ordinary, start, end, self._examiner.batch):
                self._examiner.take_ordinary(rows, start, end)
            else:
                self._take_singly(rows, start, end)

    def _take_singly(self, rows: Rows, start: int, end: int) -> None:
        for index in range(start, end):
            self._take_line(rows.first_line + index, rows.text(index))

    def _take_line(self, number: int, raw: bytes) -> None:
        for line in normalize(raw):
            if line.remark:
                self._log.add(Rule.RECORD_LENGTH, line.remark, number, warning=not line.lossy)
            self._examiner.take(number, line.text)


def examine(
    data: bytes | Iterable[bytes],
    options: Options = DEFAULT,
    collector: Collector | None = None,
    *,
    columnar: bool = True,
) -> Examination:
    """Read and check a file: the whole bytes, or any iterable of pieces of them. Never raises on any input."""
    reading = Pass(options, collector, columnar=columnar)
    for block in split(data):
        reading.feed(block)
    return reading.finish()
