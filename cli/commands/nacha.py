"""`hms-ach bank inspect`, `json`, `nacha` and `code`: any Nacha file by hand. No stack need run."""

import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import UserError
from cli.output import JsonOption, print_json, print_table, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ach.options import Options
    from ach.problems import Problem

PROBLEMS_SHOWN = 50
AllowOption = Annotated[list[str] | None, typer.Option("--allow", help="A named override, e.g. allow_zero_batches. Repeatable.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Warnings are errors, as for files of ours.")]
FileArgument = Annotated[Path, typer.Argument(help="Any Nacha file.", exists=True, dir_okay=False)]


def register(bank: typer.Typer) -> None:
    """Add the commands to `bank`."""
    for command in (inspect, to_json, to_nacha, code):
        bank.command({"to_json": "json", "to_nacha": "nacha"}.get(command.__name__))(command)


def inspect(file: FileArgument, allow: AllowOption = None, strict: StrictOption = False, as_json: JsonOption = False) -> None:
    """Counts, totals, codes and problems of a file. Exit code 1 when a bank would refuse it."""
    import msgspec

    from ach.summary import summarize

    with file.open("rb") as content:
        summary = summarize(iter(lambda: content.read(1 << 20), b""), _options(allow, strict))
    if as_json:
        print_json(msgspec.to_builtins(summary))
    else:
        _print_summary(file.name, msgspec.to_builtins(summary))
        _tell_problems(summary.problems)
    raise typer.Exit(0 if summary.valid else 1)


def to_json(file: FileArgument, allow: AllowOption = None, strict: StrictOption = False) -> None:
    """A file as JSON, every record with every field: `nacha` makes the same file of it again. Exit code 1 when it has errors."""
    from ach.json_form import to_json as encode
    from ach.reader import read

    reading = read(file.read_bytes(), _options(allow, strict))
    _print_bytes(encode(reading.file) + b"\n")
    _tell_problems(reading.problems)
    raise typer.Exit(0 if reading.valid else 1)


def to_nacha(file: Annotated[Path, typer.Argument(help="JSON as `json` prints it.", exists=True, dir_okay=False)]) -> None:
    """The Nacha file of a JSON form, on standard output. Exit code 1 when a bank would refuse it."""
    from ach.json_form import from_json
    from ach.reader import read
    from ach.writer import write

    try:
        data = write(from_json(file.read_bytes()))
    except ValueError as error:
        raise UserError(f"{file}: {error}") from None
    _print_bytes(data)
    reading = read(data)
    _tell_problems(reading.problems)
    raise typer.Exit(0 if reading.valid else 1)


def code(
    name: Annotated[str, typer.Argument(help="Return reason code (R01) or change code (C01).")],
    as_json: JsonOption = False,
) -> None:
    """What a return reason or change code means: its window, what we do about it, and where that comes from."""
    from ach.codes import ReturnKind, change_code, return_code

    asked = name.upper()
    found = change_code(asked) or return_code(asked)
    if getattr(found, "kind", None) is ReturnKind.UNKNOWN:
        raise UserError(f"Nacha has assigned no code {name}; as a return it would wait for a person.")
    fields = found._asdict()
    if as_json:
        print_json(fields)
    else:
        print_table(asked, ("", "value"), [(field, _word(value)) for field, value in fields.items()])


def _word(value: Any) -> str:
    """The value in words: the names of our vocabularies instead of their letters."""
    if isinstance(value, Enum):
        return value.name.lower().replace("_", " ")
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _options(allow: "list[str] | None", strict: bool) -> "Options":
    from ach.options import OVERRIDES, Options

    names = allow or []
    unknown = [name for name in names if name not in OVERRIDES]
    if unknown:
        raise UserError(f"There is no override {', '.join(unknown)}. There are: {', '.join(sorted(OVERRIDES))}.")
    return Options(strict=strict, **dict.fromkeys(names, True))


def _print_bytes(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _tell_problems(problems: "Sequence[Problem]") -> None:
    for problem in problems[:PROBLEMS_SHOWN]:
        tell(f"{problem}")
    if len(problems) > PROBLEMS_SHOWN:
        tell(f"and {len(problems) - PROBLEMS_SHOWN} more; `inspect --json` has them")


def _print_summary(name: str, summary: dict[str, Any]) -> None:
    plain = ("valid", "lines", "batches", "entries", "addenda", "entry_hash", "error_count", "warning_count")
    rows = [(field.replace("_", " "), summary[field]) for field in plain]
    rows += [(field, f"{summary[f'{field}_cents'] / 100:,.2f}") for field in ("debit", "credit")]
    rows += [(f"{kind} entries", count) for kind, count in summary["categories"].items()]
    print_table(name, ("", "value"), rows)
    codes = [*summary["return_codes"], *summary["change_codes"]]
    if codes:
        print_table("Codes", ("code", "meaning", "count"), [(code["code"], code["meaning"], code["count"]) for code in codes])
