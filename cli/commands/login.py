"""`hms-ach login` and `token`: a person signs in, a client gets an access token."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import UserError
from cli.output import JsonOption, print_json

if TYPE_CHECKING:
    from journal.settings import Settings

HospitalOption = Annotated[list[str] | None, typer.Option("--hospital", help="One hospital to be seen; all if left out. Repeatable.")]
DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder (HMS_DATA_DIR).")]


def register(app: typer.Typer) -> None:
    """Add `token` and `login`."""
    app.command()(token)
    app.command()(login)


def token(
    client: Annotated[str, typer.Option("--client", help="Whose; its certificate must lie in the identity folder.")] = "local",
    data: DataOption = None,
) -> None:
    """Print an access token, good for five minutes over a connection with the same certificate."""
    from cli.client import access_token
    from cli.environment import running_settings

    settings = running_settings(data_dir=data)
    if settings.auth == "off":
        raise UserError("Authentication is off: no token is needed.")
    typer.echo(access_token(settings, client))


def login(
    name: Annotated[str, typer.Option("--name", help="The person's name, as it goes on record.")],
    role: Annotated[str, typer.Option("--role", help="viewer, finance, risk, operator, approver, auditor or privacy.")],
    hospital: HospitalOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a link that signs this person in, once, within ten minutes."""
    from cli.environment import running_settings

    settings = running_settings(data_dir=data)
    if settings.auth == "off":
        raise UserError("Authentication is off: nobody needs to sign in.")
    link = sign_in_link(settings, name, role, tuple(hospital) if hospital else None)
    if as_json:
        print_json({"link": link})
    else:
        typer.echo(link)


def sign_in_link(settings: "Settings", name: str, role: str, hospitals: tuple[str, ...] | None) -> str:
    """A link for one person. Raises UserError for a role that there is not, and for a name that cannot go on record."""
    from api.auth.folder import IdentityFolder
    from api.auth.scopes import ROLES
    from api.auth.sessions import NAME, Sessions

    if role not in ROLES:
        raise UserError(f"A role is {', '.join(ROLES)}, not {role}.")
    if not NAME.fullmatch(name):
        raise UserError(f"--name {name}: a name is 1 to 128 letters, digits or ._:@/+=- without spaces.")
    sessions = Sessions(IdentityFolder(settings.identity_folder()), settings.session_hours)
    address = settings.issuer_name() if settings.names() else settings.api_url()
    return f"{address}/login?link={sessions.invite(name, role, hospitals, time.time())}"
