"""What a file holds, in a few numbers: for a person, a command line or a monitor. Reads any input in constant memory."""

from collections.abc import Iterable

from msgspec import Struct

from ach.codes import change_code, return_code
from ach.examine import DEFAULT, examine
from ach.options import Options
from ach.problems import Problem
from ach.records import FileControl, FileHeader
from ach.routing import entry_hash
from ach.statistics import ClassTotals


class CodeCount(Struct, frozen=True):
    """How often a return or change code occurs."""

    code: str
    meaning: str
    count: int


class FileSummary(Struct, frozen=True):
    """The summary of one file; amounts are cents. `msgspec.json.encode` makes it JSON."""

    valid: bool
    """no errors; warnings do not count"""
    lines: int
    batches: int
    entries: int
    addenda: int
    debit_cents: int
    credit_cents: int
    entry_hash: int
    sec: dict[str, ClassTotals]
    """by standard entry class code"""
    categories: dict[str, int]
    """forward, return, notice_of_change, dishonored, contested"""
    return_codes: tuple[CodeCount, ...]
    change_codes: tuple[CodeCount, ...]
    header: FileHeader | None
    control: FileControl | None
    error_count: int
    warning_count: int
    problems: tuple[Problem, ...]
    """the first thousand"""


def summarize(data: bytes | Iterable[bytes], options: Options = DEFAULT) -> FileSummary:
    """Counts, totals, codes and problems of a file. Totals are what the entries make, whatever the controls say."""
    found = examine(data, options)
    classes = found.statistics.by_class()
    return FileSummary(
        valid=found.valid,
        lines=found.lines,
        batches=sum(totals.batches for totals in classes.values()),
        entries=found.totals.entries,
        addenda=found.totals.addenda,
        debit_cents=found.totals.debit_cents,
        credit_cents=found.totals.credit_cents,
        entry_hash=entry_hash(found.totals.rdfi_sum),
        sec=classes,
        categories=dict(sorted(found.statistics.categories.items())),
        return_codes=tuple(
            CodeCount(code, return_code(code).meaning, count) for code, count in sorted(found.statistics.return_codes.items())
        ),
        change_codes=tuple(CodeCount(code, _change_meaning(code), count) for code, count in sorted(found.statistics.change_codes.items())),
        header=found.header,
        control=found.control,
        error_count=found.errors,
        warning_count=found.warnings,
        problems=found.problems,
    )


def _change_meaning(code: str) -> str:
    known = change_code(code)
    return known.meaning if known is not None else "Not assigned by Nacha"
