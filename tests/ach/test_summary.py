"""The summary of a file."""

import msgspec

from ach.statistics import ClassTotals
from ach.summary import FileSummary, summarize
from ach.writer import write
from tests.ach.samples import entry
from tests.ach.test_reader import many


def test_a_summary_counts_what_the_file_holds() -> None:
    summary = summarize(write(many()))
    assert summary.valid
    assert (summary.batches, summary.entries, summary.addenda) == (8, 10, 6)
    assert summary.categories == {"forward": 7, "notice_of_change": 1, "return": 2}
    assert [(found.code, found.count) for found in summary.return_codes] == [("R01", 1), ("R10", 1)]
    assert summary.return_codes[0].meaning == "Insufficient funds"
    assert [(found.code, found.count) for found in summary.change_codes] == [("C01", 1)]
    assert summary.sec["PPD"] == ClassTotals(3, 5, 2, 4 * 12_345, 0)
    assert summary.sec["CTX"] == ClassTotals(1, 1, 2, 0, 12_345)
    assert summary.control is not None
    assert summary.entry_hash == summary.control.entry_hash
    assert summary.debit_cents == summary.control.total_debit_cents
    assert summary.header == many().header


def test_totals_are_the_entries_whatever_the_control_says() -> None:
    data = write(many()).replace(b"000000012345", b"000000099999")
    summary = summarize(data)
    assert not summary.valid
    assert summary.debit_cents == 7 * entry().amount_cents
    assert "total_debit" in {problem.rule for problem in summary.problems}


def test_a_summary_is_json() -> None:
    summary = summarize(write(many()))
    assert msgspec.json.decode(msgspec.json.encode(summary), type=FileSummary) == summary


def test_nothing_is_summarized_as_nothing() -> None:
    summary = summarize(b"")
    assert (summary.valid, summary.lines, summary.entries, summary.sec) == (False, 0, 0, {})
