"""An export as bytes: NDJSON and CSV, each with a last line that only a whole export has. Pure."""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import msgspec

from api.export import Row
from api.models.common import dollars, instant
from api.models.ledger import ControlTotals, LedgerLine
from ledger.ids import effect_id
from sinks.clickhouse.rows import POSITION_BITS

COLUMNS: Final = ("record", *LedgerLine.model_fields)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_TEXT: Final = ("credit_reference", "hospital_id", "about", "debit_account", "credit_account", "memo")
_json = msgspec.json.Encoder().encode


class Format(NamedTuple):
    """A streamed format: its media type, its first bytes, its lines, and its last line (totals, SHA-256 of all bytes before it)."""

    media_type: str
    suffix: str
    head: Callable[[], bytes]
    body: Callable[[Iterable[Row]], bytes]
    end: Callable[[ControlTotals, str], bytes]


def line_of(row: Row) -> dict[str, Any]:
    """A posting with the fields of `LedgerLine`, as plain values."""
    return {
        "posting_id": effect_id(row.source_topic, row.partition, row.source_offset, row.ordinal),
        "posted_at": rfc3339(row.recorded_ms),
        "event_time": rfc3339(row.at_ms),
        "business_date": row.business_date,
        "credit_reference": row.credit_reference,
        "hospital_id": row.hospital_id,
        "about": row.about,
        "debit_account": row.debit,
        "credit_account": row.credit,
        "amount": dollars(row.amount_cents),
        "currency": "USD",
        "memo": row.memo,
        "journal_partition": row.partition,
        "journal_sequence": row.position >> POSITION_BITS,
    }


def rfc3339(at_ms: int) -> str:
    """An instant in UTC with milliseconds."""
    return instant(at_ms).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_ms % 1000:03d}Z"


def guarded(text: str) -> str:
    """Text that a spreadsheet will not run: an apostrophe goes in front of what it would take for a formula (OWASP, CSV injection)."""
    return "'" + text if text.startswith(_FORMULA) else text


def ndjson_lines(rows: Iterable[Row]) -> bytes:
    """One JSON object a line."""
    return b"".join(_json({"record": "posting", **line_of(row)}) + b"\n" for row in rows)


def _ndjson_end(totals: ControlTotals, sha256: str) -> bytes:
    return _json({"record": "end", **totals.model_dump(), "sha256": sha256}) + b"\n"


def _csv_head() -> bytes:
    return _csv([COLUMNS])


def _csv_lines(rows: Iterable[Row]) -> bytes:
    return _csv(["posting", *_cells(line_of(row))] for row in rows)


def _csv_end(totals: ControlTotals, sha256: str) -> bytes:
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {"record": "end", "posting_id": str(totals.count), "amount": totals.debits, "currency": "USD", "memo": f"sha256={sha256}"}
    return _csv([list(cells.values())])


def _cells(line: dict[str, Any]) -> Iterable[Any]:
    return (guarded(value) if name in _TEXT else value for name, value in line.items())


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


NDJSON: Final = Format("application/x-ndjson", "ndjson", lambda: b"", ndjson_lines, _ndjson_end)
CSV: Final = Format("text/csv; charset=utf-8; header=present", "csv", _csv_head, _csv_lines, _csv_end)
