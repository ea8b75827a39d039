"""`hms-ach exceptions`: the work queue, and what people do with it, through the API."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.acting import AccountOption, CommentOption, IdArgument, OnException, Person, looked_up, spread
from cli.amount import dollars
from cli.commands import adjustments
from cli.output import JsonOption, print_json, print_table, tell

exceptions = typer.Typer(no_args_is_help=True, help="What needs a person: list, take, note, let wait, settle; adjustments by two persons.")
UNTIL = "An instant with offset, such as 2026-03-05T12:00:00Z; 30 days ahead at most."
RESOLUTION = "no_action, fixed_elsewhere, refunded_elsewhere, duplicate, bank_confirmed or other."
_COLUMNS = ("exception", "account", "severity", "amount", "due", "owner", "what to do")
_DONE = ("exception_id", "credit_reference", "amount", "outcome", "detail")


def register(app: typer.Typer) -> None:
    """Add `exceptions`."""
    adjustments.register(exceptions)
    app.add_typer(exceptions, name="exceptions")


@exceptions.command("list")
def list_(
    state: Annotated[str, typer.Option("--state", help="open, closed or all.")] = "open",
    code: Annotated[str, typer.Option("--code", help="One cause alone.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="One person's alone; - for those that nobody has.")] = "",
    hospital: Annotated[str, typer.Option("--hospital", help="One hospital's alone.")] = "",
    account: Annotated[str, typer.Option("--account", help="One account's alone.")] = "",
    severity: Annotated[str, typer.Option("--severity", help="low, medium, high or critical.")] = "",
    late: Annotated[bool, typer.Option("--late", help="Those past their deadline alone.")] = False,
    at_least: Annotated[str, typer.Option("--at-least", help="Those of so many dollars and more.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List exceptions, newest first, 500 at most."""
    asked = {"state": state, "code": code, "owner": owner, "hospital_id": hospital, "credit_reference": account, "severity": severity}
    chosen = {"late": "true" if late else "", "amount_min": dollars(at_least) if at_least else "", "limit": "500"}
    found = looked_up("exceptions", asked | chosen)
    if as_json:
        print_json(found)
        return
    print_table(f"Exceptions: {len(found['exceptions'])}", _COLUMNS, map(_row, found["exceptions"]))


@exceptions.command()
def show(exception_id: IdArgument, account: AccountOption = "", as_json: JsonOption = False) -> None:
    """Show one with all that happened to it."""
    found = looked_up(f"exceptions/{quote(exception_id)}", {"credit_reference": account})
    if as_json:
        print_json(found)
        return
    for line in _headline(found):
        tell(line)
    for each in found["candidates"]:
        tell(f"- may be for {', '.join(each['balance_ids'])} ({each['score']} of 100)")
    rows = [(each["at"][:19], each["what"], each["actor"], each["detail"]) for each in found["history"]]
    print_table("History", ("when", "what", "who", "detail"), rows)


@exceptions.command()
@spread
def assign(
    on: OnException,
    owner: Annotated[str, typer.Argument(help="Who has it from now on; nobody if left out.")] = "",
    comment: CommentOption = "",
) -> None:
    """Give an exception to somebody, or put it back."""
    on.does("assign", owner=owner, comment=comment)


@exceptions.command()
@spread
def comment(on: OnException, text: Annotated[str, typer.Argument(help="The note, without personal data.")]) -> None:
    """Note something for whoever comes next."""
    on.does("comment", comment=text)


@exceptions.command()
@spread
def snooze(on: OnException, until: Annotated[str, typer.Argument(help=UNTIL)], comment: CommentOption = "") -> None:
    """Let an exception wait; nobody is alerted before."""
    on.does("snooze", until=until, comment=comment)


@exceptions.command()
@spread
def resolve(on: OnException, resolution: Annotated[str, typer.Argument(help=RESOLUTION)], comment: CommentOption = "") -> None:
    """Settle an exception whose cause the ledger cannot see go away."""
    on.does("resolve", resolution=resolution, comment=comment)


@exceptions.command()
@spread
def review(on: OnException, verdict: Annotated[str, typer.Argument(help="approve or decline.")], comment: CommentOption = "") -> None:
    """Decide on the payment that a PAYMENT_HELD exception is about."""
    on.does("review", verdict=verdict, comment=comment)


@exceptions.command()
@spread
def bulk(
    person: Person,
    action: Annotated[str, typer.Argument(help="assign, comment, snooze or resolve.")],
    code: Annotated[str, typer.Option("--code", help="Those with this cause.")] = "",
    severity: Annotated[str, typer.Option("--severity", help="Those of this severity.")] = "",
    hospital: Annotated[str, typer.Option("--hospital", help="One hospital's.")] = "",
    of: Annotated[str, typer.Option("--of", help="Those that this person has; - for those that nobody has.")] = "",
    account: Annotated[str, typer.Option("--account", help="One account's.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="assign: who has them from now on; nobody if left out.")] = "",
    until: Annotated[str, typer.Option("--until", help=f"snooze: {UNTIL}")] = "",
    resolution: Annotated[str, typer.Option("--resolution", help=f"resolve: {RESOLUTION}")] = "",
    token: Annotated[str, typer.Option("--token", help="Of the preview: carry out exactly what it showed, or nothing.")] = "",
    comment: CommentOption = "",
) -> None:
    """Do the same for many, 200 at most: first a preview, which changes nothing; its token then carries it out."""
    where = {"code": code, "severity": severity, "hospital_id": hospital, "owner": of, "credit_reference": account}
    given = {"owner": owner, "comment": comment, "until": until, "resolution": resolution, "token": token}
    body: dict[str, Any] = {"action": action, "preview": not token, "where": {name: value for name, value in where.items() if value}}
    found = person.asks("exceptions/bulk", {**body, **{name: value for name, value in given.items() if value}})
    if person.as_json:
        print_json(found)
        return
    print_table(
        f"Exceptions: {found['count']}, ${found['amount']}", _DONE, [[each[name] for name in _DONE] for each in found["exceptions"]]
    )
    if found["more"]:
        tell("More than 200 fit; these are the oldest.")
    if found["preview"]:
        tell(f"Nothing was done yet. The same command with --token {found['token']} does it.")


def _row(each: dict[str, Any]) -> tuple[str, ...]:
    due = " ".join([(each["due_at"] or "")[:10], each["overdue"]]).strip()
    account = each["credit_reference"]
    return each["exception_id"], account, each["severity"], each["amount"], due, each["owner"], each["suggested_action"]


def _headline(found: dict[str, Any]) -> list[str]:
    """What it is about, why it is there, who has it until when, and what to do."""
    owner, due = found["owner"] or "nobody", (found["due_at"] or "")[:10]
    where = f"account {found['credit_reference']}, hospital {found['hospital_id']}"
    stands = f"open, {owner} has it until {due}" if found["state"] == "open" and due else f"{found['state']} {found['how']}".strip()
    return [
        f"{found['exception_id']}: ${found['amount']}, {found['severity']}; {where}; {stands}.",
        *(text for text in (found["detail"], found["suggested_action"]) if text),
    ]
