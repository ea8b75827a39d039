"""`hms-ach snooze`: a rule sleeps for one account, through the API."""

from typing import Annotated

import typer

from cli.acting import AccountArgument, CommentOption, Person, looked_up, spread
from cli.output import JsonOption, print_json, print_table

snooze = typer.Typer(no_args_is_help=True, help="A rule sleeps for one account: put it to sleep, wake it, see which ones do.")
_COLUMNS = ("credit_reference", "rule", "until", "snoozed_by", "reason")
RuleArgument = Annotated[str, typer.Argument(help="The rule's name in the book in force.")]


def register(app: typer.Typer) -> None:
    """Add `snooze`."""
    app.add_typer(snooze, name="snooze")


@snooze.command("rule")
@spread
def rule_(
    person: Person,
    account: AccountArgument,
    rule: RuleArgument,
    until: Annotated[str, typer.Option("--until", help="An instant with offset, such as 2026-03-05T12:00:00Z; a year ahead at most.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, without personal data.")],
) -> None:
    """Put a rule to sleep; only one that the book lets sleep."""
    person.does("snoozes", {"credit_reference": account, "rule": rule, "until": until, "comment": reason})


@snooze.command()
@spread
def wake(person: Person, account: AccountArgument, rule: RuleArgument, comment: CommentOption = "") -> None:
    """Wake a rule now."""
    person.does("snoozes/wake", {"credit_reference": account, "rule": rule, "comment": comment})


@snooze.command("list")
def list_(
    account: Annotated[str, typer.Option("--account", help="One account's alone.")] = "",
    rule: Annotated[str, typer.Option("--rule", help="One rule's alone.")] = "",
    state: Annotated[str, typer.Option("--state", help="asleep, awake or all.")] = "asleep",
    as_json: JsonOption = False,
) -> None:
    """List rules that sleep, the last to wake first, 500 at most; or those that slept."""
    found = looked_up("snoozes", {"credit_reference": account, "rule": rule, "state": state})
    if as_json:
        print_json(found)
        return
    rows = [[each[name] for name in _COLUMNS] for each in found["snoozes"]]
    print_table(f"Snoozes: {len(rows)}", _COLUMNS, rows)
