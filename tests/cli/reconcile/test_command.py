"""`hms-ach reconcile` from files to files."""

import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.commands import reconcile

LEDGER = """id,date,amount,reference,description
L1,2026-01-05,100.00,INV-1001,Okafor
L2,2026-01-05,200.00,INV-1002,Larsen
L3,2026-01-05,300.00,INV-1003,=HYPERLINK("x")
"""
BANK = """id,date,amount,reference,description
B1,2026-01-06,100.00,INV-1001,ACH
B2,2026-01-06,195.00,INV-1002,ACH
B3,2026-01-06,999.00,,ACH
"""


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    reconcile.register(app)
    return app


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "ledger.csv").write_text(LEDGER)
    (tmp_path / "bank.csv").write_text(BANK)
    return [str(tmp_path / "ledger.csv"), str(tmp_path / "bank.csv"), "--out", str(tmp_path / "out")]


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_results_and_the_control_totals(app: typer.Typer, files: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [*files, "--json"])
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    left = summary["left"]
    assert (left["rows"], left["matched"], left["amount"], left["amount_matched"], left["amount_unmatched"]) == (
        3,
        1,
        "600.00",
        "100.00",
        "500.00",
    )
    assert summary["groups"] == {"reference": 1}
    matched = lines(tmp_path / "out" / "matched.ndjson")
    assert [(row["left_ids"], row["right_ids"], row["score"]) for row in matched] == [(["L1"], ["B1"], 90)]
    proposed = lines(tmp_path / "out" / "proposed.ndjson")
    assert [(row["left_ids"], row["right_ids"], row["state"]) for row in proposed] == [(["L2"], ["B2"], "PROPOSED")]
    unmatched = lines(tmp_path / "out" / "unmatched.ndjson")
    assert [(row["side"], row["id"], row["candidates"]) for row in unmatched] == [
        ("left", "L2", ["B2"]),
        ("left", "L3", []),
        ("right", "B2", ["L2"]),
        ("right", "B3", []),
    ]
    assert all(row["reasons"] for row in unmatched)
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["groups"] == {"reference": 1}


def test_a_table_for_people_and_csv_that_no_spreadsheet_runs(app: typer.Typer, files: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [*files, "--format", "csv"])
    assert done.exit_code == 0, done.output
    assert "reference" in done.output
    with (tmp_path / "out" / "unmatched.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["L2", "L3", "B2", "B3"]
    assert not [cell for row in rows for cell in row.values() if cell.startswith("=") or cell == "'"]


def test_a_wrong_format_is_refused(app: typer.Typer, files: list[str]) -> None:
    assert CliRunner().invoke(app, [*files, "--format", "xml"]).exit_code == 1
