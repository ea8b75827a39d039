"""The log of deliveries as a person reads it: what was tried, when, and what came of it."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.acting import looked_up
from cli.output import print_json, print_table, tell

PaymentOption = Annotated[str, typer.Option("--payment", help="Those about one payment, by its transaction id.")]
AccountOption = Annotated[str, typer.Option("--account", help="Those of one account, by its credit reference.")]
OutcomeOption = Annotated[
    str, typer.Option("--outcome", help="One outcome: delivered, failed, exhausted, gone, undeliverable or suppressed.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=500, help="How many, newest first.")]


def show(path: str, asked: Mapping[str, str], columns: Mapping[str, str], *, as_json: bool) -> None:
    """The attempts that fit, newest first; `columns` are their headings and the fields under them."""
    found = looked_up(path, asked)
    if as_json:
        print_json(found)
        return
    print_table(f"Attempts: {len(found['deliveries'])}", tuple(columns), [_row(each, columns) for each in found["deliveries"]])
    if found["next"]:
        tell("There are older ones: a higher --limit, or a narrower question, shows them.")


def _row(each: Mapping[str, Any], columns: Mapping[str, str]) -> list[object]:
    return [_cell(each[field]) for field in columns.values()]


def _cell(value: Any) -> object:
    """An instant to the second; nothing for what is not there."""
    if value is None or value == 0:
        return ""
    return f"{value[:19]}Z" if isinstance(value, str) and value.endswith("Z") and "T" in value[:11] else value
