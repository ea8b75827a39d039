"""What commands print: JSON for programs on standard output, tables and sentences for people."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

_WIDTH_MAX = 10_000
"""wider than any table: what one would take"""
_WIDTH_PIPED = 160
"""characters of a line that goes to a file or another program, unless its words need more"""
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def print_json(value: Any) -> None:
    """One JSON document on one line of standard output; times and money come as the strings they already are."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people. No word or id is ever cut: where a terminal is too narrow for that, each row becomes a list of its own."""
    from rich.console import Console
    from rich.measure import Measurement

    cells = [[str(cell) for cell in row] for row in rows]
    table = _table(title, columns, cells)
    console = Console()
    narrowest, widest = Measurement.get(console, console.options.update_width(_WIDTH_MAX), table)
    if not console.is_terminal:
        console = Console(width=max(narrowest, min(widest, _WIDTH_PIPED)))
    if console.width >= narrowest:
        console.print(table)
        return
    console.print(title)
    for row in cells:
        console.print(_table("", ("", ""), [[name, cell] for name, cell in zip(columns, row, strict=True)], show_header=False))


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, show_header: bool = True) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title) if title else None, title_justify="left", show_header=show_header)
    for number, name in enumerate(columns):
        sentences = any(" " in row[number] for row in rows)
        table.add_column(Text(name), overflow="fold", no_wrap=not sentences)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def tell(sentence: str) -> None:
    """A sentence about progress, on standard error: standard output is for data."""
    typer.echo(sentence, err=True)
