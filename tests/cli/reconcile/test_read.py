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
