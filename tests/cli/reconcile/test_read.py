"""Files in every form give the same rows."""

import gzip
from pathlib import Path

import pytest

from cli.errors import UserError
from cli.reconcile.mapping import Plan
from cli.reconcile.read import loaded
from ledger.reconcile.figures import decimal
from ledger.reconcile.side import Side

CSV = "id,date,amount,reference\nL1,2026-01-05,100.10,INV-1\nL2,2026-01-06,200.20,\n"
FIRST = '{"id":"L1","date":"2026-01-05","amount":100.10,"reference":"INV-1"}'
SECOND = '{"id":"L2","date":"2026-01-06","amount":"200.20"}'
FORMS = {
    "a.csv": CSV,
    "bom.csv": "\ufeff" + CSV,
    "semicolon.csv": CSV.replace(",", ";"),
    "heading.csv": "Account statement\nAccount;12345678\nFrom 2026-01-01, to 2026-01-31\n\n" + CSV,
    "sep.csv": "sep=,\n" + CSV,
    "tab.tsv": CSV.replace(",", "\t"),
    "list.json": f"[{FIRST},\n {SECOND}]",
    "held.json": f'{{"source":"bank","count":2,"rows":[{FIRST},{SECOND}],"end":true}}',
    "lines.ndjson": f"{FIRST}\n\n{SECOND}\n",
    "lines.json": f"{FIRST}\n{SECOND}\n",
    "nested.jsonl": (FIRST.replace("100.10", '{"value":100.10,"currency":"USD"}') + "\n" + SECOND.replace('"200.20"', '{"value":200.2}')),
}


def read(path: Path) -> list[tuple[str, str, tuple[str, ...]]]:
    with loaded(path, path, Plan(), quiet=True) as (side, _):
        return told(side)


def told(side: Side) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(side.row(n).id, decimal(int(side.amount[n])), side.row(n).references) for n in range(len(side))]


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_rows(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(FORMS[name], encoding="utf-8")
    assert read(path) == [("L1", "100.10", ("INV-1",)), ("L2", "200.20", ("",))]


def test_a_packed_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(CSV.encode()))
    assert len(read(path)) == 2


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_file_in_another_encoding_than_utf_8(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id;date;amount;name\nL1;25.01.2026;1.000,10;Müller\n".encode(encoding))
    with loaded(path, path, Plan(), quiet=True) as (side, _):
        assert (side.row(0).name, decimal(int(side.amount[0]))) == ("Müller", "1000.10")
        assert bool(side.layout.assumed) is (encoding == "cp1252")


SPOILED = {
    "a.csv": "id,date,amount\nL1,2026-01-05,1.00\nL2,2026-01-05,1,000.00\nL3,soon,3.00\nL4,2026-01-05,\nL5,2026-01-05,5.00\n",
    "a.ndjson": (
        '{"id":"L1","date":"2026-01-05","amount":"1.00"}\n{"id":"L2",\n{"id":"L3","date":"soon","amount":3.00}\n'
        '{"id":"L4","date":"2026-01-05","amount":null}\n{"id":"L5","date":"2026-01-05","amount":"5.00"}\n'
    ),
    "a.json": (
        '[{"id":"L1","date":"2026-01-05","amount":"1.00"}, "L2", {"id":"L3","date":"soon","amount":3.00},'
        '{"id":"L4","date":"2026-01-05","amount":null}, {"id":"L5","date":"2026-01-05","amount":"5.00"}]'
    ),
}
WHOLE_ROW = {"a.csv": "row 2: 4 cells under 3 columns", "a.ndjson": "row 2: no JSON", "a.json": "row 2: every row must be an object"}


@pytest.mark.parametrize("name", SPOILED)
def test_a_bad_row_is_told_with_its_number_cell_and_fault_and_stops_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(SPOILED[name])
    with loaded(path, path, Plan(), quiet=True) as (side, _):
        assert [side.row(n).id for n in range(len(side))] == ["L1", "L5"]
        said = [bad.sentence() for bad in side.bad]
    assert said[0].startswith(WHOLE_ROW[name])
    assert said[1:] == ["row 3, date: no date in the form ISO, nor in only one other: soon", "row 4, amount: there is no amount"]


QUOTES = {
    "in the middle": 'L1,2026-01-05,1.00,one\nL2,2026-01-05,"2.00,two\nL3,2026-01-05,3.00,three\nL4,2026-01-05,4.00,four\n',
    "in the last cell": 'L1,2026-01-05,1.00,one\nL2,2026-01-05,2.00,"two\nL3,2026-01-05,3.00,three\nL4,2026-01-05,4.00,four\n',
    "before a quoted cell": 'L1,2026-01-05,1.00,one\nL2,2026-01-05,2.00,"two\nL3,2026-01-05,3.00,"three"\nL4,2026-01-05,4.00,four\n',
    "longer than any cell": f'L1,2026-01-05,1.00,one\nL2,,2.00,"{"x" * (1 << 20)}\nL3,2026-01-05,3.00,x\nL4,2026-01-05,4.00,x\n',
}


@pytest.mark.parametrize("case", QUOTES)
def test_a_quotation_mark_that_is_not_closed_swallows_no_other_row(case: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,date,amount,memo\n" + QUOTES[case])
    with loaded(path, path, Plan(), quiet=True) as (side, _):
        assert [side.row(n).id for n in range(len(side))] == ["L1", "L3", "L4"]
        assert [bad.sentence().startswith("row 2: a quotation mark is not closed") for bad in side.bad] == [True]


def test_a_cell_may_have_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,date,amount,memo\nL1,2026-01-05,1.00,"first\nsecond, and more"\nL2,2026-01-05,2.00,two\n')
    with loaded(path, path, Plan(), quiet=True) as (side, _):
        assert ([side.row(n).text for n in range(len(side))], side.bad) == (["first\nsecond, and more", "two"], [])


def test_two_columns_of_one_name_are_both_there(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Amount,Ref,Ref\n1.00,INV-1,BATCH-2\n")
    with loaded(path, path, Plan(), quiet=True) as (side, _):
        assert side.row(0).references == ("INV-1", "BATCH-2")


def test_a_json_list_longer_than_a_chunk(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    rows = ",".join(f'{{"id":"L{n}","amount":{n}.{n % 100:02d},"note":"{"x" * 100}"}}' for n in range(12_000))
    path.write_text(f"[{rows}]")
    rows_read = read(path)
    assert len(rows_read) == 12_000
    assert rows_read[11_999][:2] == ("L11999", "11999.99")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", "id,amount\n", "has no rows"),
        ("none.csv", "a,b\n1,2\n", "no column of amounts"),
        ("bad.json", '[{"amount":"1.00"}, oops]', "no JSON"),
        ("bad.json", "[1, 2]", "every row must be an object"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_sentence(name: str, content: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(UserError, match=says):
        read(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read(tmp_path / "no.csv")
