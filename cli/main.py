"""`hms-ach`, the command line. Its modules import what is heavy inside the commands, so that help comes at once."""

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from cli.commands import GROUPS
from cli.errors import UserError, sentence_for

app = typer.Typer(
    name="hms-ach",
    help="HMS-ACH: a streaming rules engine and hash-chained ledger over Kafka for hospital payments.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for group in GROUPS:
    group.register(app)


@app.callback()
def options(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", help="Write the traceback of an error to cli.log in the data folder.")] = False,
) -> None:
    """HMS-ACH: a streaming rules engine and hash-chained ledger over Kafka for hospital payments."""
    context.obj = verbose


def main() -> None:
    """Run the command line. An error ends it with exit code 1 and one sentence on standard error, never a traceback."""
    try:
        _refuse_unknown_settings()
        app()
    except Exception as error:  # noqa: BLE001 - the last stop of every command: each error becomes a sentence
        sys.stderr.write(f"{sentence_for(error)}\n")
        if "--verbose" in sys.argv:
            sys.stderr.write(f"The traceback is in {_keep_traceback()}.\n")
        sys.exit(1)


def _refuse_unknown_settings() -> None:
    if not any(name.upper().startswith("HMS_") for name in os.environ):
        return  # settings need not be imported to show help
    from cli.environment import unknown_names

    if unknown := unknown_names(os.environ):
        raise UserError(f"There is no setting {', '.join(unknown)}; `hms-ach doctor --settings` lists those there are.")


def _keep_traceback() -> Path:
    log = Path(os.environ.get("HMS_DATA_DIR", ".data")) / "logs" / "cli.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file:
        traceback.print_exc(file=file)
    return log


if __name__ == "__main__":
    main()
