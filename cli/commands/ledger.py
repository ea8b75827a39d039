"""`hms-ach ledger export`: the postings of a range from the API, whole or not at all."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.output import JsonOption, print_json, tell

ledger = typer.Typer(no_args_is_help=True, help="The ledger: export its postings.")

SinceOption = Annotated[str, typer.Option("--from", help="First instant with its offset, or first date.")]
UntilOption = Annotated[str, typer.Option("--to", help="First instant, or first date, behind the range.")]
BasisOption = Annotated[
    Literal["auto", "posted_at", "business_date"],
    typer.Option(help="What the range speaks of; auto: banking days for dates, times of posting for instants."),
]
FormatOption = Annotated[Literal["csv", "ndjson"], typer.Option("--format", help="Format of the lines.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="File to write; standard output if left out.")]
AccountOption = Annotated[str, typer.Option("--account", help="One credit reference alone.")]
DeidentifiedOption = Annotated[
    bool, typer.Option("--deidentified", help="Sums by month and hospital instead, without persons; whole months alone.")
]
HospitalOption = Annotated[str, typer.Option("--hospital", help="One hospital alone.")]


def register(app: typer.Typer) -> None:
    """Add `ledger`."""
    app.add_typer(ledger, name="ledger")


@ledger.callback()
def group() -> None:
    """The ledger's postings."""


@ledger.command()
def export(
    since: SinceOption,
    until: UntilOption,
    basis: BasisOption = "auto",
    form: FormatOption = "csv",
    out: OutOption = None,
    account: AccountOption = "",
    hospital: HospitalOption = "",
    deidentified: DeidentifiedOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write every posting of a range. The last line holds count, totals and digest, which are checked; a cut export is an error.

    A file appears under its name only when it is whole.
    """
    from cli.environment import running_settings
    from cli.export import Export, save

    settings = running_settings()
    if deidentified:
        from cli.deidentified import save_cells

        cells, suppressed = save_cells(settings, since, until, out, form)
        tell(f"{cells:,} cells, {suppressed:,} of fewer than eleven patients left out.")
        return
    wanted = "business_date" if basis == "auto" and len(since) == len("2026-03-01") else "posted_at" if basis == "auto" else basis
    asked = {"from": since, "to": until, "basis": wanted, "format": form, "credit_reference": account, "hospital_id": hospital}
    done: Export = save(settings, asked, out)
    if as_json and out is not None:
        print_json(done._asdict())
    else:
        tell(f"{done.postings:,} postings, debits = credits = {done.total} USD, {done.size:,} bytes, checked.")
