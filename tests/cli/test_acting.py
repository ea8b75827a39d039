"""Options that commands share: their order, their help, and what arrives in the command."""

from typing import Annotated

import typer
from typer.testing import CliRunner

from cli.acting import OnException, Person, spread
from cli.commands.exceptions import exceptions, register
from cli.commands.snooze import snooze

app = typer.Typer()
seen: list[object] = []


@app.command()
@spread
def take(on: OnException, owner: Annotated[str, typer.Argument(help="Who.")] = "") -> None:
    """Take it."""
    seen.append((on, owner))


@app.command()
@spread
def look(person: Person, name: Annotated[str, typer.Argument(help="What.")]) -> None:
    """Look at it."""
    seen.append((person, name))


def test_what_is_shared_arrives_as_one_value_and_the_command_s_own_beside_it() -> None:
    seen.clear()
    for words in (["take", "t-1/OVERPAID", "cara", "--by", "anna"], ["look", "x", "--json"]):
        assert CliRunner().invoke(app, words).exit_code == 0
    assert seen == [(OnException("t-1/OVERPAID", by="anna"), "cara"), (Person(as_json=True), "x")]


def test_what_must_be_given_is_asked_for() -> None:
    assert "{exception_id}" in CliRunner().invoke(app, ["take"]).output
    assert CliRunner().invoke(app, ["take", "--help"]).output.count("--account") == 1


def test_every_command_of_people_tells_what_it_does() -> None:
    whole = typer.Typer()
    register(whole)
    groups = [exceptions, snooze]
    for group in groups:
        for command in group.registered_commands:
            assert command.callback is not None
            assert command.callback.__doc__, command.name
