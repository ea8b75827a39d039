"""One pass over a file: whole runs of ordinary entries in columns, everything else record by record.

`examine` is what `ach.reader`, `ach.summary` and the validator share. It streams: memory does not grow with the file.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ach.columns import find_ordinary, runs, take_run
from ach.examiner import Collector, Examiner
from ach.lines import Ragged, Rows, normalize, split
from ach.options import Options
from ach.problem_log import PROBLEMS_MAX, ProblemLog
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


def examine(
    data: bytes | Iterable[bytes],
    options: Options = DEFAULT,
    collector: Collector | None = None,
    problems_max: int = PROBLEMS_MAX,
) -> Examination:
    """Read and check a file: the whole bytes, or any iterable of pieces of them. Never raises on any input."""
    log = ProblemLog(options, problems_max)
    examiner = Examiner(options, log, collector)
    lines = 0
    for block in split(data):
        if isinstance(block, Rows):
            _take_rows(block, examiner, log)
            lines += len(block.matrix)
        else:
            _take_ragged(block, examiner, log)
            lines += len(block.lines)
    examiner.finish()
    return Examination(
        examiner.header,
        examiner.control,
        examiner.tally,
        examiner.statistics,
        tuple(log.problems),
        log.errors,
        log.warnings,
        lines,
    )


def _take_rows(rows: Rows, examiner: Examiner, log: ProblemLog) -> None:
    ordinary = find_ordinary(rows)
    for start, end, is_ordinary in runs(ordinary):
        if is_ordinary:
            examiner.close_entry()
            if take_run(rows, ordinary, start, end, examiner.batch):
                examiner.take_ordinary(end - start, int(ordinary.entries[start:end].sum()))
                continue
        for index in range(start, end):
            _take_line(rows.first_line + index, rows.text(index), examiner, log)


def _take_ragged(block: Ragged, examiner: Examiner, log: ProblemLog) -> None:
    for offset, raw in enumerate(block.lines):
        _take_line(block.first_line + offset, raw, examiner, log)


def _take_line(number: int, raw: bytes, examiner: Examiner, log: ProblemLog) -> None:
    for line in normalize(raw):
        if line.remark:
            log.add(Rule.RECORD_LENGTH, line.remark, number, warning=not line.lossy)
        examiner.take(number, line.text)
