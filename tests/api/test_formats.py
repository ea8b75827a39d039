"""Exports as bytes: nothing a spreadsheet would run, nothing lost on the way back, and a last line that only a whole export has."""

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from api.export import Row
from api.formats import COLUMNS, CSV, NDJSON, guarded
from api.models.common import dollars
from api.models.ledger import ControlTotals, LedgerLine

TOTALS = ControlTotals(count=2, debits="30.00", credits="30.00", currency="USD")


def row(memo: str = "settled", cents: int = 1500, hospital: str = "h-1") -> Row:
    return Row("2026-03-02", 3, (7 << 20) + 2, "credit.payments.v1", 41, 1, 1, 1000, "c-1", hospital, "t-1", "cash", "holds", cents, memo)


@given(st.text(max_size=30), st.integers(-(10**12), 10**12))
def test_csv_reads_back_equal_and_amounts_stay_as_they_are(memo: str, cents: int) -> None:
    memo = memo.replace("\0", "")
    text = (CSV.head() + CSV.body([row(memo, cents)])).decode()
    head, line = csv.reader(io.StringIO(text, newline=""))
    found = dict(zip(head, line, strict=True))
    assert found["memo"] == guarded(memo)
    assert found["memo"].removeprefix("'") == memo or memo.startswith("'")
    assert found["amount"] == dollars(cents)
    assert found["journal_sequence"] == "7"


def test_formulas_are_disarmed() -> None:
    for text in ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1", "\n=1"):
        assert guarded(text) == f"'{text}"
    assert guarded("hold = released") == "hold = released"
    assert b"'=HYPERLINK" in CSV.body([row(hospital="=HYPERLINK(1)")])


def test_ndjson_has_the_fields_of_the_contract() -> None:
    [line] = NDJSON.body([row()]).splitlines()
    found = json.loads(line)
    assert found.pop("record") == "posting"
    assert LedgerLine.model_validate(found).model_dump(mode="json") == found | {
        "posted_at": "1970-01-01T00:00:01Z",
        "event_time": "1970-01-01T00:00:00.001000Z",
    }


def test_the_last_line_names_count_totals_and_digest() -> None:
    assert json.loads(NDJSON.end(TOTALS, "ab" * 32)) == {
        "record": "end",
        "count": 2,
        "debits": "30.00",
        "credits": "30.00",
        "currency": "USD",
        "sha256": "ab" * 32,
    }
    [line] = csv.reader(io.StringIO(CSV.end(TOTALS, "ab" * 32).decode()))
    found = dict(zip(COLUMNS, line, strict=True))
    assert (found["record"], found["posting_id"], found["amount"], found["memo"]) == ("end", "2", "30.00", "sha256=" + "ab" * 32)
