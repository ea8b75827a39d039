"""Adjustments by two persons and matches by people, among the commands of `hms-ach exceptions`."""

from typing import Annotated
from urllib.parse import quote

import typer

from cli.acting import AccountArgument, AccountOption, CommentOption, Person, looked_up, spread
from cli.amount import dollars
from cli.output import JsonOption, print_json, print_table

IdArgument = Annotated[str, typer.Argument(help="The adjustment's id.")]
SourceArgument = Annotated[str, typer.Argument(help="The payment or deposit that brought the money.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, without personal data.")]
_COLUMNS = ("adjustment", "account", "form", "about", "amount", "state", "maker", "checker", "reason")


def register(exceptions: typer.Typer) -> None:
    """Add the commands."""
    exceptions.command()(adjustments)
    for name, command in (
        ("adjust", adjust),
        ("approve-adjustment", approve),
        ("reject-adjustment", reject),
        ("confirm-match", confirm),
        ("revoke-match", revoke),
    ):
        exceptions.command(name)(spread(command))


def adjustments(
    state: Annotated[str, typer.Option("--state", help="proposed, approved, rejected or all.")] = "proposed",
    account: Annotated[str, typer.Option("--account", help="One account's alone.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List what waits for a second person, or what was decided."""
    found = looked_up("adjustments", {"state": state, "credit_reference": account})
    if as_json:
        print_json(found)
        return
    names = ("adjustment_id", "credit_reference", "form", "about", "amount", "state", "maker", "checker", "reason")
    print_table(f"Adjustments: {len(found['adjustments'])}", _COLUMNS, [[each[name] for name in names] for each in found["adjustments"]])


def adjust(
    person: Person,
    account: AccountArgument,
    form: Annotated[str, typer.Argument(help="write_off, reinstate or refund.")],
    about: Annotated[str, typer.Argument(help="The balance; for a refund the payment or deposit whose suspended money was given back.")],
    amount: Annotated[str, typer.Argument(help="Dollars, such as 30 or 30.50.")],
    reason: ReasonOption,
    exception: Annotated[str, typer.Option("--exception", help="The exception that it settles.")] = "",
    name: Annotated[str, typer.Option("--id", help="A name of your own for the adjustment.")] = "",
) -> None:
    """Propose a change of the books. Nothing moves until another person approves it."""
    body = {"credit_reference": account, "form": form, "about": about, "amount": dollars(amount), "reason": reason}
    person.does("adjustments", {**body, "exception_id": exception, "adjustment_id": name})


def approve(person: Person, adjustment_id: IdArgument, account: AccountOption = "", comment: CommentOption = "") -> None:
    """Approve what another person proposed; the books change with it."""
    person.does(f"adjustments/{quote(adjustment_id)}/approve", {"credit_reference": account, "comment": comment})


def reject(person: Person, adjustment_id: IdArgument, account: AccountOption = "", comment: CommentOption = "") -> None:
    """Reject a proposal; whoever made it may do so too."""
    person.does(f"adjustments/{quote(adjustment_id)}/reject", {"credit_reference": account, "comment": comment})


def confirm(
    person: Person,
    account: AccountArgument,
    source: SourceArgument,
    balances: Annotated[list[str], typer.Argument(help="The balances that it pays, in this order.")],
    comment: CommentOption = "",
) -> None:
    """Say what money in suspense is for; what is left over stays in suspense."""
    person.does("matches/confirm", {"credit_reference": account, "source_id": source, "balance_ids": balances, "comment": comment})


def revoke(
    person: Person,
    account: AccountArgument,
    source: SourceArgument,
    reason: ReasonOption,
    balance: Annotated[str, typer.Option("--balance", help="The match with this balance alone; all of them if left out.")] = "",
) -> None:
    """Take a match back by reversing entries; the money lies in suspense again."""
    person.does("matches/revoke", {"credit_reference": account, "source_id": source, "balance_id": balance, "comment": reason})
