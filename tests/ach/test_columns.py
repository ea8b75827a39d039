"""The columnar half of reading, held against the record-by-record half."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ach.columns import find_ordinary, runs
from ach.examine import Examination, examine
from ach.lines import Rows, split
from ach.problems import Rule
from ach.reader import read
from ach.records import Batch, Entry, File
from ach.routing import trace_number
from ach.writer import write
from tests.ach.samples import ODFI, batch, entry, file, payment_information, ppd, returned, with_addenda


def outcome(found: Examination) -> tuple[object, ...]:
    totals, counted = found.totals, found.statistics
    return (
        (totals.entries, totals.addenda, totals.debit_cents, totals.credit_cents, totals.rdfi_sum),
        (counted.by_class(), counted.categories, counted.return_codes, counted.change_codes),
        (found.problems, found.errors, found.warnings, found.lines, found.header, found.control),
    )


def plus(sequence: int) -> Entry:
    return with_addenda(entry(sequence), payment_information("INVOICE 4711", trace_number(ODFI, sequence)))


def long_file(sec: str = "PPD") -> File:
    """Ordinary entries of all sorts, in batches long enough to be read in columns."""
    kind = "S" if sec in ("WEB", "TEL") else ""
    debits: list[Entry] = [entry(at, 27 if at % 2 else 37, discretionary_data=kind) for at in range(1, 60)]
    both = [entry(at, 27 if at % 3 else 22, discretionary_data=kind) for at in range(60, 120)]
    pairs = [plus(at) if at % 4 else entry(at) for at in range(120, 200)]
    batches: list[Batch] = [batch(debits, sec, 1)]
    if sec != "TEL":
        batches.append(batch(both, sec, 2))
    if sec in ("PPD", "CCD"):
        batches.append(batch(pairs, sec, 3))
    return file(*batches)


def is_columnar(data: bytes) -> bool:
    """Whether a good part of these bytes is taken in runs."""
    blocks = [block for block in split(data) if isinstance(block, Rows)]
    taken = sum(end - start for block in blocks for start, end, run in runs(find_ordinary(block)) if run)
    return taken > 40


@pytest.mark.parametrize("sec", ["PPD", "CCD", "WEB", "TEL"])
def test_ordinary_files_are_read_in_columns_with_the_same_outcome(sec: str) -> None:
    data = write(long_file(sec))
    assert is_columnar(data)
    found = examine(data)
    assert found.valid, [str(problem) for problem in found.problems]
    assert outcome(found) == outcome(examine(data, columnar=False))
    assert read(data).file == long_file(sec)


BYTES = st.sampled_from([*b"0123456789 ASRX~", 0x7F, 0xE9, 0x09])


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["PPD", "CCD", "WEB", "TEL"]),
    st.lists(st.tuples(st.integers(0, 10**6), BYTES), min_size=1, max_size=3),
)
def test_any_few_changed_bytes_are_judged_alike_by_both_halves(sec: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(write(long_file(sec)))
    for at, value in changes:
        at %= len(data)
        if data[at] != ord("\n"):
            data[at] = value
    assert outcome(examine(bytes(data))) == outcome(examine(bytes(data), columnar=False))


COLUMNS = [1, 2, 4, 11, 12, 20, 29, 38, 54, 60, 76, 77, 78, 80, 88, 93]


@pytest.mark.parametrize("line", [3, 60, 62, 130, 131])
def test_a_byte_changed_in_any_field_is_judged_alike(line: int) -> None:
    original = write(long_file("PPD"))
    for column, value in product(COLUMNS, b"09 Z"):
        data = bytearray(original)
        data[line * 95 + column] = value
        assert outcome(examine(bytes(data))) == outcome(examine(bytes(data), columnar=False))


def test_lines_moved_doubled_or_dropped_are_judged_alike() -> None:
    lines = write(long_file("CCD")).splitlines(keepends=True)
    for at in (2, 30, 61, 62, 63, 124, 125, 126, 127, 150):
        for changed in (
            lines[:at] + lines[at + 1 :],
            [*lines[:at], lines[at], *lines[at:]],
            [*lines[: at - 1], lines[at], lines[at - 1], *lines[at + 1 :]],
        ):
            data = b"".join(changed)
            assert outcome(examine(data)) == outcome(examine(data, columnar=False))


def test_addenda_behind_a_damaged_entry_belong_to_no_entry() -> None:
    data = bytearray(write(long_file("CCD")))
    entries = [at for at in range(0, len(data), 95) if data[at : at + 1] == b"6" and data[at + 95 : at + 96] == b"7"]
    data[entries[20]] = ord("X")
    found = examine(bytes(data))
    assert outcome(found) == outcome(examine(bytes(data), columnar=False))
    assert [problem.rule for problem in found.problems][:2] == [Rule.RECORD_TYPE, Rule.ADDENDA_OUTSIDE_ENTRY]


def test_returns_are_not_ordinary() -> None:
    data = write(file(batch([returned(entry(at), "R01", at) for at in range(1, 60)])))
    assert not is_columnar(data)
    assert examine(data).statistics.return_codes == {"R01": 59}


def test_blocks_may_end_anywhere() -> None:
    data = write(ppd(30_000))
    found = examine(data[at : at + 70_001] for at in range(0, len(data), 70_001))
    assert found.valid
    assert found.totals.entries == 30_000
    assert found.totals.debit_cents == 30_000 * 12_345


def test_numbers_of_fifteen_digits_are_exact() -> None:
    data = write(file(batch([entry(at, cents=9_999_999_999 - at) for at in range(1, 60)])))
    block = next(iter(split(data)))
    assert isinstance(block, Rows)
    ordinary = find_ordinary(block)
    assert ordinary.amounts.dtype == np.int64
    assert ordinary.amounts[2] == 9_999_999_998
    assert ordinary.traces[2] == int(trace_number(ODFI, 1))
