"""Several files in one, and records that stand behind or before the control they should not."""

import pytest
from msgspec.structs import replace

from ach.examine import examine
from ach.problems import Rule
from ach.reader import read
from ach.summary import summarize
from ach.writer import write
from tests.ach.samples import HEADER, batch, entry, file, ppd

FIRST = write(ppd(3)).decode().splitlines()
SECOND = write(ppd(2)).decode().splitlines()


def core(lines: list[str]) -> list[str]:
    """Without the padding."""
    return [line for line in lines if line.strip("9")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_each_of_several_files_is_held_against_its_own_control(ending: str) -> None:
    data = ending.join([*FIRST, *SECOND]).encode()
    reading, found = read(data), summarize(data)
    assert [(problem.rule, problem.line) for problem in reading.problems] == [(Rule.FILE_HEADER, 11)]
    assert [len(each.entries) for each in reading.file.batches] == [3, 2]
    assert (found.batches, found.entries, found.debit_cents) == (2, 5, 5 * 12_345)


def test_a_wrong_total_is_named_in_the_file_it_stands_in() -> None:
    wrong = [line.replace("000000024690", "000000024691") if line[0] == "9" else line for line in SECOND]
    problems = [problem for problem in read("\n".join([*FIRST, *wrong]).encode()).problems if problem.rule is Rule.TOTAL_DEBIT]
    assert [problem.line for problem in problems] == [16]


def test_files_without_padding_are_read_alike() -> None:
    reading = read("\n".join([*core(FIRST), *core(SECOND)]).encode())
    assert [problem.rule for problem in reading.problems] == [Rule.FILE_HEADER, Rule.PADDING, Rule.PADDING]


ODD = """
padding within the batch        padding
a batch behind the file control file_control
a second header in the file     file_header
"""


@pytest.mark.parametrize("row", ODD.strip().splitlines())
def test_records_in_the_wrong_place_are_named(row: str) -> None:
    what, rule = row.rsplit(maxsplit=1)
    header, five, six, *rest = FIRST
    lines = {
        "padding within the batch": [header, five, six, "9" * 94, *rest],
        "a batch behind the file control": [*core(FIRST), *core(SECOND)[1:-1]],
        "a second header in the file": [header, header, five, six, *rest],
    }[what.strip()]
    found = examine("\n".join(lines).encode())
    assert Rule(rule) in {problem.rule for problem in found.problems}, [str(problem) for problem in found.problems]


def test_a_destination_may_be_filled_up_with_a_zero() -> None:
    header = replace(HEADER, immediate_destination=f"0{HEADER.immediate_destination}")
    data = write(file(batch([entry(1)]), header=header))
    assert read(data).valid
    assert write(read(data).file) == data
