"""The de-identified export, fetched from the API."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cli.errors import UserError
from cli.people import ask

if TYPE_CHECKING:
    from journal.settings import Settings


def save_cells(settings: "Settings", since: str, until: str, out: Path | None, form: str) -> tuple[int, int]:
    """Write the cells to a file or standard output; how many there are, and how many were left out. Raises UserError."""
    if form != "csv":
        raise UserError("The de-identified export is CSV.")
    query = {"from": since, "to": until}
    said = ask(settings, "GET", "/api/v1/ledger/deidentified", query=query)
    content = ask(settings, "GET", "/api/v1/ledger/deidentified", query={**query, "format": "csv"}, raw=True)
    if out is None:
        sys.stdout.write(content)
    else:
        out.write_text(content, encoding="utf-8")
    return len(said["cells"]), said["suppressed_cells"]
