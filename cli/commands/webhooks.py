"""`hms-ach webhooks`: what became of them, send again, go on after a 410, and show what a receiver needs to check us."""

from datetime import datetime
from typing import Annotated, Final

import typer

from cli.announce import ByOption, person
from cli.delivery_log import AccountOption, LimitOption, OutcomeOption, PaymentOption, show
from cli.errors import UserError
from cli.output import JsonOption, print_json, tell

webhooks = typer.Typer(no_args_is_help=True, help="Webhooks to CREDIT: list, replay, enable, key.")
_COLUMNS: Final = {
    "at": "at",
    "webhook": "delivery_id",
    "payment": "transaction_id",
    "account": "credit_reference",
    "attempt": "attempt",
    "outcome": "outcome",
    "status": "status",
    "reason": "reason",
    "next": "next_at",
}


def register(app: typer.Typer) -> None:
    """Add `webhooks`."""
    app.add_typer(webhooks, name="webhooks")


@webhooks.command("list")
def list_(
    payment: PaymentOption = "",
    account: AccountOption = "",
    webhook: Annotated[str, typer.Option("--webhook", help="Those at one webhook, by its webhook-id.")] = "",
    replayed: Annotated[str, typer.Option("--replay", help="Those of one replay, by its id.")] = "",
    outcome: OutcomeOption = "",
    limit: LimitOption = 100,
    as_json: JsonOption = False,
) -> None:
    """List attempts to deliver, newest first."""
    asked = {"transaction_id": payment, "credit_reference": account, "delivery_id": webhook, "replay": replayed, "outcome": outcome}
    show("webhooks/deliveries", {**asked, "limit": str(limit)}, _COLUMNS, as_json=as_json)


@webhooks.command()
def replay(
    since: Annotated[str, typer.Option("--from", help="Begin of the range of attempts, with its offset: 2026-03-02T14:00:00Z.")],
    until: Annotated[str, typer.Option("--to", help="End of the range, which does not belong to it.")],
    account: Annotated[str, typer.Option("--account", help="Only this credit reference.")] = "",
    undelivered: Annotated[bool, typer.Option("--undelivered", help="Only what was given up.")] = False,
    by: ByOption = "",
    as_json: JsonOption = False,
) -> None:
    """Send again what was tried in a range of time, under the same ids."""
    from cli.environment import reachable_settings
    from sinks.outbox.requests import ask_replay

    start, end = _instant("--from", since), _instant("--to", until)
    if start >= end:
        raise UserError("--from must be before --to.")
    settings = reachable_settings()
    request = ask_replay(settings, start, end, credit_reference=account, undelivered_only=undelivered, requested_by=person(by))
    if as_json:
        print_json({"request": request})
    else:
        tell(f"Asked for; the attempts of replay {request} are in the delivery log.")


@webhooks.command()
def enable(by: ByOption = "", as_json: JsonOption = False) -> None:
    """Go on sending to a receiver that had answered 410."""
    from cli.environment import reachable_settings
    from sinks.outbox.requests import ask_enable

    request = ask_enable(reachable_settings(), requested_by=person(by))
    if as_json:
        print_json({"request": request})
    else:
        tell("Webhooks that wait are sent now.")


@webhooks.command()
def key(as_json: JsonOption = False) -> None:
    """Show the public keys with which a receiver checks our Ed25519 signatures. Shared secrets stay in their file."""
    from cli.environment import load_settings
    from sinks.webhooks import secrets_file
    from sinks.webhooks.signing import Pair

    settings = load_settings()
    path = settings.webhook_secrets_file or settings.data_dir / secrets_file.NAME
    try:
        found = secrets_file.load(path)
    except secrets_file.SecretsError as error:
        raise UserError(f"{error}.") from None
    public = [secret.public for secret in found if isinstance(secret, Pair)]
    if as_json:
        print_json({"file": str(path), "public_keys": public, "shared_secrets": len(found) - len(public)})
        return
    for text in public:
        typer.echo(text)
    tell(f"Shared secrets in {path}: {len(found) - len(public)}.")


def _instant(option: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise UserError(f"{option} is an instant with its offset, such as 2026-03-02T14:00:00Z, not {text}.")
    return found
