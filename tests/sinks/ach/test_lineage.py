from datetime import date
from pathlib import Path

from sinks.ach.lineage import Answer, Lineage, SentEntry


def entry(trace: str, cut: int, **fields: object) -> SentEntry:
    day = date(2026, 3, 1 + cut)
    found = SentEntry(trace, cut, f"file-{cut}", 1, "acct", f"tx-{cut}", 1, 10_000 + cut, True, "WEB", "123", "H01", day, day)
    return found._replace(**fields)  # type: ignore[arg-type]


def test_a_trace_number_means_its_latest_entry_of_that_amount(tmp_path: Path) -> None:
    with Lineage(tmp_path / "l.db") as lineage:
        lineage.add_cut(1, [entry("t", 1)])
        lineage.add_cut(2, [entry("t", 2), entry("u", 2)])
        lineage.add_cut(2, [entry("t", 2), entry("u", 2)])
        assert lineage.by_trace("t") == entry("t", 2)
        assert lineage.by_trace("t", 10_001) == entry("t", 1)
        assert lineage.by_trace("t", 1) is None
        assert lineage.by_file("file-2") == [entry("t", 2), entry("u", 2)]
        assert lineage.by_transaction("tx-1") == [entry("t", 1)]


def test_what_was_heard_once_is_known(tmp_path: Path) -> None:
    said = Answer("id", "t", 1, "return", "R01", date(2026, 3, 4), "sha")
    with Lineage(tmp_path / "l.db") as lineage:
        lineage.add_answers([said, said])
        assert lineage.answers_to(entry("t", 1)) == [said]
    with Lineage(tmp_path / "l.db") as lineage:
        assert lineage.has_answer("id")
