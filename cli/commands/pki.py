"""`hms-ach pki` and `keys`: certificates of this installation, and the keys that access tokens are signed with."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import JsonOption, print_json, print_table, tell

if TYPE_CHECKING:
    from api.auth.keys import KeyRing

pki = typer.Typer(no_args_is_help=True, help="Certificates: an authority of its own, for development and small installations.")
keys = typer.Typer(no_args_is_help=True, help="The keys that access tokens are signed with.")
DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder (HMS_DATA_DIR).")]


def register(app: typer.Typer) -> None:
    """Add `pki` and `keys`."""
    app.add_typer(pki, name="pki")
    app.add_typer(keys, name="keys")


@pki.callback()
def certificates() -> None:
    """Certificates of this installation."""


@pki.command()
def init(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Make what is missing: authority, server certificate (also for HMS_API_NAMES), signing key, and the client of this command line."""
    from datetime import UTC, datetime

    from api.auth.setup import initialise
    from cli.environment import load_settings

    made = initialise(load_settings(data_dir=data), datetime.now(UTC))
    if as_json:
        print_json({"made": made})
    for sentence in () if as_json else made or ["Everything is there."]:
        tell(sentence)


@keys.command()
def rotate(as_json: JsonOption = False) -> None:
    """Make a new signing key. It is published at once, signs two minutes later, and the one before stays until its last token is over."""
    from api.auth.keys import PUBLISHED_S

    made = _ring().rotate()
    if as_json:
        print_json({"kid": made.kid})
    else:
        tell(f"{made.kid} is published now and signs in {PUBLISHED_S} seconds.")


@keys.command("status")
def key_status(as_json: JsonOption = False) -> None:
    """What each signing key does now."""
    from datetime import UTC, datetime

    rows = [
        (
            turn.key.kid,
            turn.state,
            datetime.fromtimestamp(turn.key.made_s, UTC).isoformat(),
            datetime.fromtimestamp(turn.until_s, UTC).isoformat() if turn.until_s else "",
        )
        for turn in _ring().turns()
    ]
    if as_json:
        print_json({"keys": [dict(zip(("kid", "state", "made", "until"), row, strict=True)) for row in rows]})
    else:
        print_table("Signing keys", ("key", "state", "made", "until"), rows)


def _ring() -> "KeyRing":
    import time

    from api.auth.folder import IdentityFolder
    from api.auth.keys import KeyRing
    from cli.environment import load_settings

    return KeyRing(IdentityFolder(load_settings().identity_folder()), time.time)
