"""`hms-ach reconcile`: match two files, a ledger's and a bank's, and write what matched, what may match, and why the rest does not."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import UserError
from cli.output import JsonOption, print_json, print_table, tell

if TYPE_CHECKING:
    from ledger.reconcile.run import Run

FAULTS_SHOWN = 5

Format = Annotated[str, typer.Option("--format", help="What the results are written as: ndjson or csv.")]


def register(app: typer.Typer) -> None:
    """Add `reconcile`."""
    app.command()(reconcile)


def reconcile(
    left: Annotated[Path, typer.Argument(help="The ledger's file: CSV, TSV, JSON or NDJSON; .gz as well.")],
    right: Annotated[Path, typer.Argument(help="The bank's file.")],
    mapping: Annotated[Path | None, typer.Option("--map", help="TOML: columns, formats, tolerances, fees, windows.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("reconciled"),
    form: Format = "ndjson",
    *,
    as_json: JsonOption = False,
) -> None:
    """Match LEFT with RIGHT. Writes matched, proposed and unmatched into the folder, and prints a summary."""
    import msgspec

    from cli.reconcile.mapping import Plan, read_mapping
    from cli.reconcile.read import loaded
    from cli.reconcile.write import write
    from ledger.reconcile.report import summary
    from ledger.reconcile.run import reconcile as run_passes

    if form not in ("ndjson", "csv"):
        raise UserError(f"--format is ndjson or csv, not {form}.")
    plan = read_mapping(mapping) if mapping else Plan()
    with loaded(left, right, plan, quiet=as_json) as sides:
        run = run_passes(*sides, plan.terms)
        result = summary(run)
        paths = write(run, result, out, form, quiet=as_json)
    if as_json:
        print_json(msgspec.to_builtins(result) | {"files": {name: str(path) for name, path in paths.items()}})
    else:
        _print(msgspec.to_builtins(result))
        for side in (result.left, result.right):
            for sentence in side.layout.assumed:
                tell(f"Assumed: {sentence}.")
        _print_faults(run)
        tell(f"The results are in {out}: {', '.join(path.name for path in paths.values())}.")


def _print_faults(run: "Run") -> None:
    """The first rows of each file that could not be read; all of them are among the unmatched."""
    for name, view in (("left", run.both.left), ("right", run.both.right)):
        bad = view.side.bad
        for one in bad[:FAULTS_SHOWN]:
            tell(f"Not read: {name} {one.sentence()}.")
        if len(bad) > FAULTS_SHOWN:
            tell(f"Not read: {len(bad) - FAULTS_SHOWN} more of {name}; they are in unmatched.")


def _print(result: dict[str, Any]) -> None:
    measures = ("rows", "matched", "unmatched", "unreadable", "amount", "amount_matched", "amount_unmatched")
    sides = ("left", "right")
    print_table("Rows and amounts", ("", *sides), [(name.replace("_", " "), *(result[side][name] for side in sides)) for name in measures])
    found = [(name, "confirmed", count) for name, count in result["groups"].items()]
    found += [(name, "for a person", count) for name, count in result["proposals"].items()]
    print_table("Groups", ("rule or state", "", "count"), found)
    used = {side: {k: v for k, v in result[side]["layout"].items() if v and k != "assumed"} for side in ("left", "right")}
    print_table(
        "Columns", ("file", "column", "is read from"), [(side, k, _listed(v)) for side, given in used.items() for k, v in given.items()]
    )
    before, after = result["days"]
    learned = f"; fees learned: {', '.join(result['fees_learned'])}" if result["fees_learned"] else ""
    window = f"window {before} banking days before to {after} after"
    tell(f"{result['match_rate']} % of all rows are matched; signs: {result['sign']}; {window}{learned}.")


def _listed(columns: object) -> object:
    """Several columns as words."""
    return ", ".join(map(str, columns)) if isinstance(columns, (list, tuple)) else columns
