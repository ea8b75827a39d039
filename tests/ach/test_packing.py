"""Files within a bank's limits, and files merged."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ach.packing import Limits, merge, pack
from ach.reader import read
from ach.records import Batch, Entry, File
from ach.writer import write
from tests.ach.samples import HEADER, batch, entry, file, ppd


def traces(files: list[File]) -> list[str]:
    return sorted(each.trace_number for one in files for part in one.batches for each in part.entries if isinstance(each, Entry))


def test_a_batch_too_large_is_split_and_the_parts_are_numbered() -> None:
    groups = pack([batch([entry(n) for n in range(1, 51)])], Limits(lines_max=20))
    assert [[len(part.entries) for part in group] for group in groups] == [[16], [16], [16], [2]]
    assert all(part.header and part.header.batch_number == 1 for group in groups for part in group)


def test_totals_are_limits_too() -> None:
    big = batch([entry(n, cents=60_00) for n in range(1, 6)])
    groups = pack([big], Limits(debit_cents_max=130_00))
    assert [part.control.total_debit_cents for group in groups for part in group if part.control] == [
        120_00,
        120_00,
        60_00,
    ]


def test_one_entry_over_the_limit_still_goes_out_alone() -> None:
    groups = pack([batch([entry(1, cents=5), entry(2, cents=500), entry(3, cents=5)])], Limits(debit_cents_max=100))
    assert [[len(part.entries) for part in group] for group in groups] == [[1], [1], [1]]


def test_a_balanced_batch_is_not_torn() -> None:
    balanced = batch([*(entry(n) for n in range(1, 30)), entry(30, 22, 29 * 12_345, individual_name="OFFSET")])
    with pytest.raises(ValueError, match="balanced"):
        pack([balanced], Limits(lines_max=20))


def test_limits_that_no_file_keeps_are_refused() -> None:
    with pytest.raises(ValueError, match="ten lines"):
        Limits(lines_max=9)


def test_equal_batches_are_joined_and_equal_traces_kept_apart() -> None:
    one = file(batch([entry(1), entry(3)]), batch([entry(5)], "CCD", 2))
    two = file(batch([entry(2), entry(3)]))
    (merged,) = merge([one, two], HEADER, Limits())
    found = [[each.trace_number[-1] for each in part.entries if isinstance(each, Entry)] for part in merged.batches]
    assert found == [["1", "2", "3"], ["3"], ["5"]]
    assert read(write(merged)).valid


def test_what_lacks_a_header_or_control_cannot_be_merged_or_packed() -> None:
    with pytest.raises(ValueError, match="without a header"):
        merge([File(HEADER, (Batch(None, (entry(1),), None),), None)], HEADER, Limits())
    with pytest.raises(ValueError, match="without a control"):
        pack([Batch(batch([entry(1)]).header, (entry(1),), None)], Limits())


@settings(max_examples=40)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.sampled_from([10, 20, 50, 0]))
def test_merging_and_splitting_lose_nothing(sizes: list[int], lines_max: int) -> None:
    files = [ppd(size) for size in sizes]
    merged = merge(files, HEADER, Limits(lines_max=lines_max))
    assert traces(merged) == traces(files)
    for one in merged:
        data = write(one)
        assert read(data).valid
        assert not lines_max or len(data) // 95 <= lines_max
