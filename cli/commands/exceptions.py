"""`hms-ach exceptions`: the work queue, and what people do with it, through the API."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.errors import UserError
from cli.output import JsonOption, print_json, print_table, tell

exceptions = typer.Typer(no_args_is_help=True, help="What needs a person: list, take, note, let wait, settle; adjustments by two persons.")
IdArgument = Annotated[str, typer.Argument(help="The exception's id, such as TRANSACTION/PAYMENT_HELD.")]
ByOption = Annotated[str, typer.Option("--by", help="Who does it; the user of this session if left out.")]
CommentOption = Annotated[str, typer.Option("--comment", help="A note, without personal data.")]
AccountOption = Annotated[str, typer.Option("--account", help="The credit reference, where two accounts have an exception of this id.")]
_TIMEOUT_S = 30.0
_COLUMNS = ("exception", "severity", "amount", "due", "owner", "what to do")


def register(app: typer.Typer) -> None:
    """Add `exceptions`."""
    app.add_typer(exceptions, name="exceptions")


@exceptions.command("list")
def list_(
    state: Annotated[str, typer.Option("--state", help="open, closed or all.")] = "open",
    code: Annotated[str, typer.Option("--code", help="One cause alone.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="One person's alone.")] = "",
    hospital: Annotated[str, typer.Option("--hospital", help="One hospital's alone.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List exceptions, newest first, 500 at most."""
    asked = {"state": state, "code": code, "owner": owner, "hospital_id": hospital, "limit": "500"}
    found = _ask("GET", "", {name: value for name, value in asked.items() if value})
    if as_json:
        print_json(found)
        return
    rows = [
        (
            each["exception_id"],
            each["severity"],
            each["amount"],
            " ".join([(each["due_at"] or "")[:10], each["overdue"]]).strip(),
            each["owner"],
            each["suggested_action"],
        )
        for each in found["exceptions"]
    ]
    print_table(f"Exceptions: {len(rows)}", _COLUMNS, rows)


@exceptions.command()
def show(exception_id: IdArgument, account: AccountOption = "", as_json: JsonOption = False) -> None:
    """Show one with all that happened to it."""
    found = _ask("GET", f"/{quote(exception_id)}", {"credit_reference": account} if account else {})
    if as_json:
        print_json(found)
        return
    tell(f"{found['exception_id']}: {found['detail']}, ${found['amount']}, {found['state']}. {found['suggested_action']}")
    for each in found["candidates"]:
        tell(f"- may be for {', '.join(each['balance_ids'])} ({each['score']} of 100)")
    rows = [(each["at"][:19], each["what"], each["actor"], each["detail"]) for each in found["history"]]
    print_table("History", ("when", "what", "who", "detail"), rows)


@exceptions.command()
def assign(
    exception_id: IdArgument,
    owner: Annotated[str, typer.Argument(help="Who has it from now on; nobody if left out.")] = "",
    comment: CommentOption = "",
    by: ByOption = "",
    account: AccountOption = "",
    as_json: JsonOption = False,
) -> None:
    """Give an exception to somebody, or put it back."""
    _act(exception_id, "assign", {"owner": owner, "comment": comment}, by, account, as_json=as_json)


@exceptions.command()
def comment(
    exception_id: IdArgument,
    text: Annotated[str, typer.Argument(help="The note, without personal data.")],
    by: ByOption = "",
    account: AccountOption = "",
    as_json: JsonOption = False,
) -> None:
    """Note something for whoever comes next."""
    _act(exception_id, "comment", {"comment": text}, by, account, as_json=as_json)


@exceptions.command()
def snooze(
    exception_id: IdArgument,
    until: Annotated[str, typer.Argument(help="An instant with offset, such as 2026-03-05T12:00:00Z; 30 days ahead at most.")],
    comment: CommentOption = "",
    by: ByOption = "",
    account: AccountOption = "",
    as_json: JsonOption = False,
) -> None:
    """Let an exception wait; nobody is alerted before."""
    _act(exception_id, "snooze", {"until": until, "comment": comment}, by, account, as_json=as_json)


@exceptions.command()
def resolve(
    exception_id: IdArgument,
    resolution: Annotated[str, typer.Argument(help="no_action, fixed_elsewhere, refunded_elsewhere, duplicate, bank_confirmed or other.")],
    comment: CommentOption = "",
    by: ByOption = "",
    account: AccountOption = "",
    as_json: JsonOption = False,
) -> None:
    """Settle an exception whose cause the ledger cannot see go away."""
    _act(exception_id, "resolve", {"resolution": resolution, "comment": comment}, by, account, as_json=as_json)


@exceptions.command()
def review(
    exception_id: IdArgument,
    verdict: Annotated[str, typer.Argument(help="approve or decline.")],
    comment: CommentOption = "",
    by: ByOption = "",
    account: AccountOption = "",
    as_json: JsonOption = False,
) -> None:
    """Decide on the payment that a PAYMENT_HELD exception is about."""
    _act(exception_id, "review", {"verdict": verdict, "comment": comment}, by, account, as_json=as_json)


def _act(exception_id: str, action: str, data: Mapping[str, str], by: str, account: str, *, as_json: bool) -> None:
    found = _ask("POST", f"/{quote(exception_id)}/{action}", {**data, "credit_reference": account}, by)
    if as_json:
        print_json(found)
        return
    closed = f"; closed {', '.join(found['closed'])}" if found["closed"] else ""
    tell(f"{found['about']}: {found['outcome']}{closed}{' (' + found['detail'] + ')' if found['detail'] else ''}")


def _ask(method: str, path: str, data: Mapping[str, str], by: str = "") -> dict[str, Any]:
    """What the API says. Raises UserError when it does not answer or refuses."""
    import httpx2

    from cli.announce import person
    from cli.client import connect
    from cli.environment import running_settings

    settings = running_settings()
    actor = {"actor": person(by)} if method == "POST" and (by or settings.auth == "off") else {}
    sent: dict[str, Any] = {"params": data} if method == "GET" else {"json": {**data, **actor}}
    try:
        with connect(settings, _TIMEOUT_S) as client:
            answer = client.request(method, f"/api/v1/exceptions{path}", **sent)
    except httpx2.TransportError as error:
        raise UserError(f"The API at {settings.api_url()} does not answer ({type(error).__name__}); `hms-ach up` starts it.") from error
    if answer.status_code not in (HTTPStatus.OK, HTTPStatus.ACCEPTED):
        problem = answer.json()
        reasons = "; ".join(found["detail"] for found in problem.get("errors", []))
        raise UserError(f"The API refused: {problem.get('detail', answer.status_code)}{f' [{reasons}]' if reasons else ''}")
    found: dict[str, Any] = answer.json()
    return found
