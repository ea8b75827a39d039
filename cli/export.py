"""An export of the ledger, fetched with a progress line, checked against its last line, and kept only if it's whole."""

import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, NamedTuple

import httpx2

from cli.client import connect
from cli.errors import UserError
from journal.settings import Settings

_PART_SUFFIX = ".part"
_TIMEOUT_S = 120.0


class Export(NamedTuple):
    """What was fetched and checked."""

    postings: int
    total: str
    sha256: str
    size: int


class Check:
    """Reads an export as it passes by and says in the end whether it was whole. Keeps no more than a line."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._held = b""
        self.bytes = 0
        self.lines = 0

    def take(self, part: bytes) -> None:
        """Look at the next bytes."""
        self.bytes += len(part)
        whole, newline, rest = (self._held + part).rpartition(b"\n")
        if not newline:
            self._held = rest
            return
        before, separator, last = whole.rpartition(b"\n")
        self._hash.update(before + separator)
        self.lines += (before + separator).count(b"\n")
        self._held = last + newline + rest

    def end(self, form: str) -> Export:
        """The totals of the last line. Raises UserError when there is no such line or the bytes before it are others than it says."""
        end = _csv_end(self._held) if form == "csv" else _ndjson_end(self._held)
        if end is None:
            raise UserError("The export was cut: its last line is missing. Nothing was kept; try again.")
        count, total, sha256 = end
        if sha256 != self._hash.hexdigest():
            raise UserError("The export's digest does not fit its lines. Nothing was kept; try again.")
        return Export(count, total, sha256, self.bytes)


def save(settings: Settings, asked: Mapping[str, str], out: Path | None) -> Export:
    """Fetch an export into a file, or to standard output. Raises UserError with one sentence when it fails or is not whole."""
    check = Check()
    with _target(out) as file:
        try:
            params = {k: v for k, v in asked.items() if v}
            with connect(settings, _TIMEOUT_S) as client, client.stream("GET", "/api/v1/ledger", params=params) as answer:
                if answer.status_code != HTTPStatus.OK:
                    raise UserError(_refusal(answer))
                for part in answer.iter_bytes():
                    file.write(part)
                    check.take(part)
                    _progress(check)
        except httpx2.TransportError as error:
            raise UserError(
                f"The API at {settings.api_url()} broke off or does not answer ({type(error).__name__}); `hms-ach up` starts it."
            ) from error
        return check.end(asked["format"])


@contextmanager
def _target(out: Path | None) -> Iterator[BinaryIO]:
    """Where the bytes go: a file takes its name only when the block ends well."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = out.with_name(out.name + _PART_SUFFIX)
    try:
        with part.open("wb") as file:
            yield file
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _progress(check: Check) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{check.lines:,} lines, {check.bytes / 1e6:,.1f} MB ")
        sys.stderr.flush()


def _refusal(answer: httpx2.Response) -> str:
    """What the API says is wrong."""
    answer.read()
    try:
        problem = json.loads(answer.content)
    except ValueError:
        return f"The API answered {answer.status_code}."
    findings = "; ".join(f"{found.get('parameter') or found.get('pointer')}: {found['detail']}" for found in problem.get("errors", []))
    return f"The API refused: {findings or problem.get('detail', answer.status_code)}."


def _ndjson_end(line: bytes) -> tuple[int, str, str] | None:
    try:
        end = json.loads(line)
    except ValueError:
        return None
    if not isinstance(end, dict) or end.get("record") != "end":
        return None
    return int(end["count"]), str(end["debits"]), str(end["sha256"])


def _csv_end(line: bytes) -> tuple[int, str, str] | None:
    rows = list(csv.reader(io.StringIO(line.decode(errors="replace"), newline="")))
    if len(rows) != 1 or rows[0][:1] != ["end"]:
        return None
    filled = [cell for cell in rows[0] if cell]
    return int(filled[1]), filled[2], filled[-1].removeprefix("sha256=")
