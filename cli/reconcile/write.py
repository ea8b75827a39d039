"""Writing the results of a reconciliation, as NDJSON or CSV, row by row."""

import csv
import itertools
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from cli.reconcile.progress import counted
from ledger.reconcile.report import Summary, group_records, row_records
from ledger.reconcile.run import Run


def write(run: Run, result: Summary, folder: Path, form: str, *, quiet: bool) -> dict[str, Path]:
    """The results into the folder: matched, proposed, unmatched, and summary.json. Files of an earlier run are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    records: dict[str, Callable[[], Iterable[Struct]]] = {
        "matched": lambda: group_records(run, run.confirmed()),
        "proposed": lambda: group_records(run, run.proposals),
        "unmatched": lambda: itertools.chain(row_records(run, left=True), row_records(run, left=False)),
    }
    paths = {name: folder / f"{name}.{form}" for name in records}
    for name, path in paths.items():
        rows = counted(records[name](), f"Writing {path.name}", quiet=quiet)
        (_write_ndjson if form == "ndjson" else _write_csv)(rows, path)
    paths["summary"] = folder / "summary.json"
    paths["summary"].write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    return paths


def _write_ndjson(records: Iterable[Struct], path: Path) -> None:
    encode = msgspec.json.Encoder().encode
    with path.open("wb", buffering=1 << 20) as file:
        for record in records:
            file.write(encode(record))
            file.write(b"\n")


def _write_csv(records: Iterable[Struct], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for n, record in enumerate(records):
            if n == 0:
                writer.writerow(record.__struct_fields__)
            writer.writerow([_cell(getattr(record, name)) for name in record.__struct_fields__])


def _cell(value: object) -> object:
    """Lists as words between semicolons; a text that a spreadsheet would take for a formula is quoted."""
    if isinstance(value, (list, tuple)):
        return ";".join(str(_cell(item)) for item in value)
    if isinstance(value, Struct):
        return "/".join(str(getattr(value, name)) for name in value.__struct_fields__)
    text = str(value)
    return (
        f"'{text}"
        if text.startswith(("=", "+", "@", "\t", "\r")) or (text[:1] == "-" and not text[1:].replace(".", "").isdigit())
        else value
    )
