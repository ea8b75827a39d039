"""`hms-ach doctor`: is this machine fit to run the stack, and if not, what is to be done?"""

from typing import Annotated

import typer

from cli.output import JsonOption, print_json


def register(app: typer.Typer) -> None:
    """Add `doctor`."""
    app.command()(doctor)


def doctor(
    settings: Annotated[bool, typer.Option("--settings", help="List every setting with its present value instead.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check Python, Java, jars, disk, memory, ports and the data folder. Exit code 1 when something is bad."""
    from cli.environment import load_settings
    from cli.examine import examine

    if settings:
        _list_settings(as_json=as_json)
        return
    findings = examine(load_settings())
    if as_json:
        print_json([finding._asdict() for finding in findings])
    else:
        for finding in findings:
            advice = f" → {finding.advice}" if finding.advice else ""
            typer.echo(f"{'ok ' if finding.ok else 'BAD'}  {finding.subject:<12} {finding.detail}{advice}")
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


def _list_settings(*, as_json: bool) -> None:
    from cli.environment import load_settings
    from cli.output import print_table
    from journal.settings import Settings

    values = load_settings().model_dump(mode="json")
    if as_json:
        print_json({f"HMS_{name.upper()}": value for name, value in values.items()})
    else:
        rows = [(f"HMS_{name.upper()}", values[name], field.description) for name, field in Settings.model_fields.items()]
        print_table("Settings", ("variable", "value", "meaning"), rows)
