"""`hms-ach clients`: who may use the API over mutual TLS."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import UserError
from cli.output import JsonOption, print_json, print_table, tell

if TYPE_CHECKING:
    from api.auth.clients import Client, Clients
    from api.auth.folder import IdentityFolder

clients = typer.Typer(no_args_is_help=True, help="Clients of the API: add, list, renew, revoke.")
NameArgument = Annotated[str, typer.Argument(help="The client's name.")]
HospitalOption = Annotated[list[str] | None, typer.Option("--hospital", help="One hospital it may see; all if left out. Repeatable.")]


def register(app: typer.Typer) -> None:
    """Add `clients`."""
    app.add_typer(clients, name="clients")


@clients.command()
def add(
    name: NameArgument,
    kind: Annotated[str, typer.Option("--kind", help="credit, prometheus or machine: which scopes it gets.")] = "",
    scope: Annotated[list[str] | None, typer.Option("--scope", help="One scope, instead of a kind's. Repeatable.")] = None,
    hospital: HospitalOption = None,
    certificate: Annotated[Path | None, typer.Option("--certificate", help="Its certificate, PEM; made here if left out.")] = None,
    jwk: Annotated[Path | None, typer.Option("--jwk", help="A public key (JWK) for signed assertions besides.")] = None,
    secret: Annotated[bool, typer.Option("--secret", help="Give it a secret as well; taken on loopback alone.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Add a client. Without --certificate its certificate and key are made here; hand them over by a safe way."""
    from api.auth.setup import named, with_secret

    folder, known = _registry()
    if name in known.all():
        raise UserError(f"There is a client {name} already: `hms-ach clients renew {name}` gives it another certificate.")
    try:
        client = named(name, _scopes(kind, scope, some=bool(hospital)), hospital or ())
        client = _proved(folder, client, certificate, jwk)
    except (ValueError, OSError) as error:
        raise UserError(f"{name} was not added: {error}.") from error
    shown = ""
    if secret:
        client, shown = with_secret(client)
    known.put(client)
    files = [] if certificate else [str(folder.certificate(name)), str(folder.key(name))]
    if as_json:
        print_json({**_data(client), "files": files, "secret": shown or None})
        return
    tell(f"{name} may {', '.join(client.scopes)}{_where(client)}.")
    for file in files:
        tell(file)
    if shown:
        tell("Its secret, shown this once:")
        typer.echo(shown)


@clients.command("list")
def list_clients(as_json: JsonOption = False) -> None:
    """Every client, revoked ones too."""
    _, known = _registry()
    found = sorted(known.all().values(), key=lambda client: client.name)
    if as_json:
        print_json({"clients": [_data(client) for client in found]})
        return
    rows = [
        (
            client.name,
            "revoked" if client.revoked else "",
            ", ".join(client.hospitals or ("all",)),
            ", ".join(own.expires[:10] for own in client.certificates),
            "yes" if client.jwks else "",
            "yes" if client.secret else "",
            " ".join(client.scopes),
        )
        for client in found
    ]
    print_table("Clients", ("client", "", "hospitals", "certificates until", "keys", "secret", "scopes"), rows)


@clients.command()
def renew(
    name: NameArgument,
    certificate: Annotated[Path | None, typer.Option("--certificate", help="Its new certificate, PEM; made here if left out.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Give a client one more certificate. The one it has stays good until it ends, so that it can change over when it likes."""
    folder, known = _registry()
    client = _known(known, name)
    try:
        client = _proved(folder, client, certificate, None)
    except (ValueError, OSError) as error:
        raise UserError(f"{name} was not renewed: {error}.") from error
    known.put(client)
    if as_json:
        print_json(_data(client))
    else:
        where = "" if certificate else f"; the new one is {folder.certificate(name)}"
        tell(f"{name} has {len(client.certificates)} certificates now{where}.")


@clients.command()
def revoke(name: NameArgument, as_json: JsonOption = False) -> None:
    """Turn a client away, from its next request on: its certificates, tokens, keys and secret."""
    import msgspec

    _, known = _registry()
    known.put(msgspec.structs.replace(_known(known, name), revoked=True))
    if as_json:
        print_json({"revoked": name})
    else:
        tell(f"{name} is revoked.")


def _registry() -> "tuple[IdentityFolder, Clients]":
    from api.auth.clients import Clients
    from api.auth.folder import IdentityFolder
    from cli.environment import load_settings

    folder = IdentityFolder(load_settings().identity_folder())
    return folder, Clients(folder)


def _known(known: "Clients", name: str) -> "Client":
    client = known.get(name)
    if client is None:
        raise UserError(f"There is no client {name}, or it is revoked; `hms-ach clients list` shows them.")
    return client


def _proved(folder: "IdentityFolder", client: "Client", certificate: Path | None, jwk: Path | None) -> "Client":
    import json
    from datetime import UTC, datetime

    from api.auth.setup import with_certificate, with_foreign, with_key

    proved = (
        with_foreign(client, certificate.read_bytes(), datetime.now(UTC))
        if certificate
        else with_certificate(folder, client, datetime.now(UTC))
    )
    return with_key(proved, json.loads(jwk.read_bytes())) if jwk else proved


def _scopes(kind: str, scopes: list[str] | None, *, some: bool) -> frozenset[str]:
    """What a client may do; one that may see `some` hospitals gets nothing that concerns all. Raises ValueError."""
    from api.auth.scopes import CLIENTS, OF_ALL_HOSPITALS, known

    if bool(kind) == bool(scopes):
        raise ValueError(f"say what it may do: --kind {' or '.join(CLIENTS)}, or --scope")
    if kind:
        if kind not in CLIENTS:
            raise ValueError(f"a kind is {', '.join(CLIENTS)}, not {kind}")
        return frozenset(CLIENTS[kind] - OF_ALL_HOSPITALS if some else CLIENTS[kind])
    asked = " ".join(scopes or ())
    found = known(asked)
    if missing := sorted(set(asked.split()) - found):
        raise ValueError(f"there is no scope {', '.join(missing)}")
    if some and (whole := sorted(found & OF_ALL_HOSPITALS)):
        raise ValueError(f"{', '.join(whole)} concerns all hospitals; leave --hospital out")
    return frozenset(found)


def _where(client: "Client") -> str:
    return "" if client.hospitals is None else f", for {', '.join(client.hospitals)}"


def _data(client: "Client") -> dict[str, object]:
    return {
        "name": client.name,
        "scopes": client.scopes,
        "hospitals": client.hospitals,
        "certificates": [{"thumbprint": own.thumbprint, "expires": own.expires} for own in client.certificates],
        "keys": len(client.jwks),
        "secret": bool(client.secret),
        "revoked": client.revoked,
    }
