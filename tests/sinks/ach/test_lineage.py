import sqlite3
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


def test_every_id_leads_to_the_entry(tmp_path: Path) -> None:
    with Lineage(tmp_path / "l.db") as lineage:
        lineage.add_cut(1, [entry("t", 1), entry("u", 1, batch=2)])
        lineage.add_cut(2, [entry("t", 2)])
        lineage.add_answers(
            [Answer("event", "t", 1, "return", "R01", date(2026, 3, 4), "sha", "bank"), Answer("?", "t", 0, "", "", date.min, "sha")]
        )
        assert lineage.by_batch("file-1", 2) == [entry("u", 1, batch=2)]
        assert lineage.by_answer("event") == lineage.by_answer("sha") == lineage.by_answer("bank") == [entry("t", 1)]
        assert lineage.by_answer("") == lineage.by_answer("other") == []


def test_what_was_heard_once_is_known(tmp_path: Path) -> None:
    said = Answer("id", "t", 1, "return", "R01", date(2026, 3, 4), "sha")
    with Lineage(tmp_path / "l.db") as lineage:
        lineage.add_answers([said, said])
        assert lineage.answers_to(entry("t", 1)) == [said]
    with Lineage(tmp_path / "l.db") as lineage:
        assert lineage.has_answer("id")


def test_an_index_of_before_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    with sqlite3.connect(path) as old:
        old.execute(
            """CREATE TABLE entries (trace_number TEXT, cut INTEGER, file_id TEXT, batch INTEGER, account TEXT, transaction_id TEXT,
               attempt INTEGER, amount_cents INTEGER, is_debit INTEGER, sec TEXT, company TEXT, hospital_id TEXT, originated TEXT,
               effective TEXT, PRIMARY KEY (trace_number, cut)) WITHOUT ROWID"""
        )
        columns = "id TEXT PRIMARY KEY, trace_number TEXT, cut INTEGER, kind TEXT, code TEXT, day TEXT, file TEXT"
        old.execute(f"CREATE TABLE answers ({columns}) WITHOUT ROWID")
        old.execute("INSERT INTO answers VALUES ('id', 't', 1, 'return', 'R01', '2026-03-04', 'sha')")
        row = entry("t", 1)
        old.execute(f"INSERT INTO entries VALUES ({','.join('?' * 14)})", (*row[:12], "2026-03-02", "2026-03-02"))
    for _ in range(2):
        with Lineage(path) as lineage:
            lineage.add_cut(2, [entry("u", 2, patient_id="P1", account_key="k")])
            assert lineage.by_trace("t") == entry("t", 1)
            assert lineage.answers_to(entry("t", 1)) == [Answer("id", "t", 1, "return", "R01", date(2026, 3, 4), "sha")]
            assert lineage.by_trace("u") == entry("u", 2, patient_id="P1", account_key="k")
