"""`hms-ach ledger export`: what it asks, and what it says when there is nobody to ask."""

import hashlib
import json
from pathlib import Path

import pytest
import typer
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner

from api.export import Row
from api.formats import CSV
from api.models.ledger import ControlTotals
from cli.commands import ledger
from cli.errors import UserError

HEAD_AND_LINE = CSV.head() + CSV.body([Row("2026-03-02", 0, 0, "t", 0, 1, 0, 0, "c-1", "h", "x", "cash", "holds", 1500, "memo")])


def whole() -> bytes:
    totals = ControlTotals(count=1, debits="15.00", credits="15.00", currency="USD")
    return HEAD_AND_LINE + CSV.end(totals, hashlib.sha256(HEAD_AND_LINE).hexdigest())


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, httpserver: HTTPServer) -> typer.Typer:
    monkeypatch.setenv("HMS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HMS_AUTH", "off")
    monkeypatch.setenv("HMS_API_PORT", str(httpserver.port))
    made = typer.Typer()
    ledger.register(made)
    return made


@pytest.mark.parametrize(
    ("since", "until", "basis"),
    [("2026-03-01", "2026-04-01", "business_date"), ("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "posted_at")],
)
def test_a_whole_export_is_kept(app: typer.Typer, httpserver: HTTPServer, tmp_path: Path, since: str, until: str, basis: str) -> None:
    query = {"from": since, "to": until, "basis": basis, "format": "csv", "hospital_id": "h"}
    httpserver.expect_request("/api/v1/ledger", query_string=query).respond_with_data(whole())
    out = tmp_path / "march.csv"
    done = CliRunner().invoke(app, ["ledger", "export", "--from", since, "--to", until, "--hospital", "h", "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["postings"] == 1
    assert out.read_bytes() == whole()


def test_without_a_file_the_lines_go_to_standard_output(app: typer.Typer, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v1/ledger").respond_with_data(whole())
    done = CliRunner().invoke(app, ["ledger", "export", "--from", "2026-03-01", "--to", "2026-04-01"])
    assert done.stdout_bytes == whole()
    assert "1 postings, debits = credits = 15.00 USD" in done.stderr


@pytest.mark.parametrize("sent", [HEAD_AND_LINE, whole()[:-20], whole().replace(b"15.00,USD,memo", b"51.00,USD,memo"), b""])
def test_a_cut_or_changed_export_leaves_no_file(app: typer.Typer, httpserver: HTTPServer, tmp_path: Path, sent: bytes) -> None:
    httpserver.expect_request("/api/v1/ledger").respond_with_data(sent)
    out = tmp_path / "march.csv"
    done = CliRunner().invoke(app, ["ledger", "export", "--from", "2026-03-01", "--to", "2026-04-01", "--out", str(out)])
    assert isinstance(done.exception, UserError)
    assert "Nothing was kept" in str(done.exception)
    assert not list(tmp_path.glob("march*"))


def test_what_the_api_refuses_is_said(app: typer.Typer, httpserver: HTTPServer) -> None:
    problem = {"detail": "The range is not valid.", "errors": [{"parameter": "from", "detail": "from is after to"}]}
    httpserver.expect_request("/api/v1/ledger").respond_with_json(problem, 422)
    done = CliRunner().invoke(app, ["ledger", "export", "--from", "2026-05-01", "--to", "2026-04-01"])
    assert str(done.exception) == "The API refused: from: from is after to."


def test_nobody_answers(app: typer.Typer, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HMS_AUTH", "off")
    monkeypatch.setenv("HMS_API_PORT", "1")
    done = CliRunner().invoke(app, ["ledger", "export", "--from", "2026-03-01", "--to", "2026-04-01"])
    assert isinstance(done.exception, UserError)
    assert "hms-ach up" in str(done.exception)
