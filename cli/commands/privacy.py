"""`hms-ach privacy`: the keys of personal data; holding, erasing and revealing it."""

from typing import Annotated

import typer

from cli.output import JsonOption, print_json, tell

privacy = typer.Typer(no_args_is_help=True, help="Personal data: keys, legal hold, erasure, revealing.")
PatientArgument = Annotated[str, typer.Argument(help="The patient's token.")]
PaymentArgument = Annotated[str, typer.Argument(help="Transaction id.")]
PurposeOption = Annotated[str, typer.Option("--purpose", help="What it is looked at for; goes into the journal.")]
TicketOption = Annotated[str, typer.Option("--ticket", help="The case under which it was asked for.")]
ReleaseOption = Annotated[bool, typer.Option("--release", help="The hold ends.")]
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
    tell(f"Master key {found.master}. Persons with keys: {found.subjects:,} ({wrapped}). Erased: {found.erased:,}.")
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


@privacy.command()
def show(patient: PatientArgument) -> None:
    """Which accounts a person has, whether a legal hold lasts, whether there is sealed data; nothing of it is shown."""
    from cli.environment import running_settings
    from cli.people import ask

    print_json(ask(running_settings(), "GET", f"/api/v1/subjects/{patient}"))


@privacy.command()
def erase(patient: PatientArgument, ticket: TicketOption = "") -> None:
    """Erase a person: accounts are marked, keys destroyed. Exit code 1 while an open payment defers it, or something refuses it."""
    _change(patient, "erase", {"ticket": ticket})


@privacy.command()
def hold(patient: PatientArgument, release: ReleaseOption = False, ticket: TicketOption = "") -> None:
    """Put a person's data under a legal hold, or release it. Exit code 1 when an account refuses."""
    _change(patient, "hold", {"held": not release, "ticket": ticket})


@privacy.command()
def reveal(payment: PaymentArgument, purpose: PurposeOption, ticket: TicketOption = "") -> None:
    """Show a payment's bank account; the journal has who sees it and what for."""
    from cli.environment import running_settings
    from cli.people import ask, named

    settings = running_settings()
    body = {**named(settings), "purpose": purpose, "ticket": ticket}
    print_json(ask(settings, "POST", f"/api/v1/payments/{payment}/reveal", body=body))


def _change(patient: str, what: str, body: dict[str, object]) -> None:
    from cli.environment import running_settings
    from cli.people import ask, named

    settings = running_settings()
    said = ask(settings, "POST", f"/api/v1/subjects/{patient}/{what}", body={**named(settings), **body})
    print_json(said)
    raise typer.Exit(0 if said["complete"] else 1)
