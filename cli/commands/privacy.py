"""`hms-ach privacy`: the keys of personal data."""

from typing import Annotated

import typer

from cli.output import JsonOption, print_json, tell

privacy = typer.Typer(no_args_is_help=True, help="Personal data: the keys it is sealed with.")
ForgetOption = Annotated[bool, typer.Option("--forget", help="Forget older master keys once nothing is wrapped by them any more.")]


def register(app: typer.Typer) -> None:
    """Add `privacy`."""
    app.add_typer(privacy, name="privacy")


@privacy.command()
def status(as_json: JsonOption = False) -> None:
    """How many persons have keys, which master key wraps them, who was erased."""
    from cli.environment import reachable_settings
    from cli.keys import standing

    found = standing(reachable_settings())
    if as_json:
        print_json(found._asdict())
        return
    wrapped = ", ".join(f"{count:,} by {name}" for name, count in sorted(found.keys.items())) or "none"
    tell(f"Master key {found.master}. Keys of {found.subjects:,} persons: {wrapped}. Erased: {found.erased:,}.")
    if found.strays:
        tell(f"{found.strays} keys of erased persons still lie in the topic; `hms-ach privacy rewrap` destroys them.")


@privacy.command(name="rotate-master")
def rotate_master(as_json: JsonOption = False) -> None:
    """Put a new master key into the file. It wraps new keys at once; `rewrap` takes the older ones over."""
    from cli.environment import running_settings
    from cli.keys import rotate

    name = rotate(running_settings())
    if as_json:
        print_json({"master": name})
    else:
        tell(f"Master key {name} wraps new keys from now on; `hms-ach privacy rewrap` takes the older ones over.")


@privacy.command()
def rewrap(forget: ForgetOption = False, as_json: JsonOption = False) -> None:
    """Wrap all keys with the current master key. What was sealed is not touched; breaking off and beginning again is harmless."""
    from cli.environment import reachable_settings
    from cli.keys import rewrap_all
    from cli.progress import bar

    with bar("keys", quiet=as_json) as advance:
        done = rewrap_all(reachable_settings(), advance, forget=forget)
    if as_json:
        print_json(done._asdict())
        return
    tell(f"{done.rewrapped:,} keys wrapped anew, {done.destroyed} left over from erasures destroyed.")
    if done.forgotten:
        tell(f"Forgotten: {', '.join(done.forgotten)}.")
