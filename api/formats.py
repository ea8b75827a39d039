"""An export as bytes: NDJSON and CSV, each with a last line that only a whole export has. Pure."""

import csv
import io
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from api.export import Row
from api.models.common import dollars, instant
from api.models.ledger import ControlTotals, LedgerLine
from ledger.ids import effect_id
from sinks.clickhouse.rows import POSITION_BITS

_FIELDS: Final = tuple(LedgerLine.model_fields)
COLUMNS: Final = ("record", *_FIELDS)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_SECONDS_KEPT: Final = 4096
"""instants, to the second, whose text is kept: the records of a ledger share theirs"""
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
    return dict(zip(_FIELDS, _values(row, str), strict=True))


def _values(row: Row, text: Callable[[str], str]) -> tuple[Any, ...]:
    """What `LedgerLine` holds, in its order; what people or other systems wrote goes through `text`."""
    return (
        effect_id(row.source_topic, row.partition, row.source_offset, row.ordinal),
        rfc3339(row.recorded_ms),
        rfc3339(row.at_ms),
        row.business_date,
        text(row.credit_reference),
        text(row.hospital_id),
        text(row.about),
        text(row.debit),
        text(row.credit),
        dollars(row.amount_cents),
        "USD",
        text(row.memo),
        row.partition,
        row.position >> POSITION_BITS,
    )


def rfc3339(at_ms: int) -> str:
    """An instant in UTC with milliseconds."""
    return f"{_second(at_ms // 1000)}.{at_ms % 1000:03d}Z"


@lru_cache(_SECONDS_KEPT)
def _second(at_s: int) -> str:
    return instant(at_s * 1000).strftime("%Y-%m-%dT%H:%M:%S")


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
    return _csv(("posting", *_values(row, guarded)) for row in rows)


def _csv_end(totals: ControlTotals, sha256: str) -> bytes:
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {"record": "end", "posting_id": str(totals.count), "amount": totals.debits, "currency": "USD", "memo": f"sha256={sha256}"}
    return _csv([list(cells.values())])


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


NDJSON: Final = Format("application/x-ndjson", "ndjson", lambda: b"", ndjson_lines, _ndjson_end)
CSV: Final = Format("text/csv; charset=utf-8; header=present", "csv", _csv_head, _csv_lines, _csv_end)
