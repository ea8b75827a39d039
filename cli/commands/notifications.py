"""`hms-ach notifications`: what patients were sent, and why not."""

from typing import Annotated, Final

import typer

from cli.delivery_log import AccountOption, LimitOption, OutcomeOption, PaymentOption, show
from cli.output import JsonOption

notifications = typer.Typer(no_args_is_help=True, help="Messages to patients: list, show. Neither texts nor addresses are kept.")
_PATH: Final = "notifications/deliveries"
_COLUMNS: Final = {
    "at": "at",
    "message": "delivery_id",
    "payment": "transaction_id",
    "account": "credit_reference",
    "channel": "channel",
    "template": "template",
    "outcome": "outcome",
    "reason": "reason",
}
_ATTEMPTS: Final = {
    "at": "at",
    "channel": "channel",
    "template": "template",
    "attempt": "attempt",
    "outcome": "outcome",
    "status": "status",
    "reason": "reason",
    "next": "next_at",
}


def register(app: typer.Typer) -> None:
    """Add `notifications`."""
    app.add_typer(notifications, name="notifications")


@notifications.command("list")
def list_(
    payment: PaymentOption = "",
    account: AccountOption = "",
    channel: Annotated[str, typer.Option("--channel", help="sms or email.")] = "",
    template: Annotated[str, typer.Option("--template", help="One kind of message, such as retry_scheduled.")] = "",
    outcome: OutcomeOption = "",
    limit: LimitOption = 100,
    as_json: JsonOption = False,
) -> None:
    """List what was sent, what was not and why, newest first."""
    asked = {"transaction_id": payment, "credit_reference": account, "channel": channel, "template": template, "outcome": outcome}
    show(_PATH, {**asked, "limit": str(limit)}, _COLUMNS, as_json=as_json)


@notifications.command("show")
def show_(message: Annotated[str, typer.Argument(help="The message's id, as it stands in the list.")], as_json: JsonOption = False) -> None:
    """Show every attempt at one message."""
    show(_PATH, {"delivery_id": message, "limit": "500"}, _ATTEMPTS, as_json=as_json)
