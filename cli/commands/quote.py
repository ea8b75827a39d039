"""`hms-ach quote`: what a rule book makes of a debt, from its file alone."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.amount import dollars as dollars_of
from cli.commands.rules import text_of
from cli.errors import UserError
from cli.output import JsonOption, print_json, print_table


def register(app: typer.Typer) -> None:
    """Add `quote`."""
    app.command()(quote)


def quote(
    file: Annotated[Path, typer.Argument(help="The rule book: a TOML file with a [schedule].")],
    amount: Annotated[str, typer.Argument(help="The debt in dollars, such as 5000.")],
    first_due: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="When the first instalment is due.")],
    opened: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From which day interest runs before it; for the payoff.")
    ] = None,
    paid: Annotated[int, typer.Option(min=0, help="Instalments paid in full; for the payoff.")] = 0,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of the payoff.")] = None,
    as_json: JsonOption = False,
) -> None:
    """The instalments of a plan, what settles it early, and the least payment without a plan."""
    from ach.calendar import is_banking_day
    from ledger.money import cents, money
    from rules.compile import compile_or_reason
    from rules.explain import dollars
    from rules.quote import quote as quoted

    amount = dollars_of(amount)
    book = compile_or_reason(text_of(file))
    if isinstance(book, str):
        raise UserError(f"{file} is not a rule book:\n{book}")
    try:
        found = quoted(
            book.book.terms,
            cents(amount),
            first_due.date(),
            is_banking_day,
            opened=opened.date() if opened else None,
            paid=paid,
            on=on.date() if on else None,
        )
    except (ValueError, OverflowError) as error:
        raise UserError(f"No plan: {error}.") from error
    rows = [(each.number, each.due, *map(money, each[2:])) for each in found.instalments]
    columns = ("number", "due_date", "payment", "principal", "interest", "balance")
    sums = {
        "total": found.payment_cents,
        "interest": found.interest_cents,
        "payoff": found.payoff_cents,
        "minimum_payment": found.minimum_cents,
    }
    if as_json:
        plan = [dict(zip(columns, row, strict=True)) for row in rows]
        print_json({"version": book.version, "instalments": plan, **{name: money(value) for name, value in sums.items()}})
        return
    print_table(f"{book.version}: {dollars(cents(amount))} in {len(rows)} instalments", columns, rows)
    typer.echo(", ".join(f"{name.replace('_', ' ')} {dollars(value)}" for name, value in sums.items()))
