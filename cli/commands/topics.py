"""`hms-ach topics`: create the topics, or check them for drift."""

from typing import Annotated

import typer

from cli.errors import UserError
from cli.output import JsonOption, print_json, print_table, tell

topics = typer.Typer(no_args_is_help=True, help="The Kafka topics: create them, check them for drift, see who needs which grants.")


def register(app: typer.Typer) -> None:
    """Add `topics`."""
    app.add_typer(topics, name="topics")


@topics.command()
def acl(
    party: Annotated[str, typer.Argument(help="One party alone.")] = "",
    commands: Annotated[bool, typer.Option("--commands", help="Print options for Kafka's own kafka-acls.sh, a grant a line.")] = False,
    prefix: Annotated[str, typer.Option("--prefix", help="Begins the principals of --commands.")] = "User:hms-",
    as_json: JsonOption = False,
) -> None:
    """What each party may do on the cluster, and nothing more. Nothing is changed: the cluster's operator grants it."""
    from journal import grants

    if party and party not in grants.PARTIES:
        raise UserError(f"A party is {', '.join(grants.PARTIES)}, not {party}.")
    found = [grant for grant in grants.grants() if party in {"", grant.party}]
    if as_json:
        print_json({"grants": [grant._asdict() for grant in found]})
    elif commands:
        for line in grants.commands(found, prefix):
            typer.echo(line)
    else:
        rows = [(each.party, each.resource, each.name + ("*" if each.prefixed else ""), ", ".join(each.operations)) for each in found]
        print_table("Grants", ("party", "resource", "name", "operations"), rows)


@topics.command()
def apply(as_json: JsonOption = False) -> None:
    """Create the topics that are missing, and the key that dead letters are sealed to; what exists is never changed.

    Exit code 1 when a topic differs.
    """
    from cli.environment import answering_settings
    from cli.keys import house
    from journal import topics as journal_topics

    settings = answering_settings()
    report = journal_topics.apply(settings)
    house(settings)
    if as_json:
        print_json(report._asdict())
    else:
        tell(f"{len(report.created)} topics created, {len(report.existing)} were there.")
        for sentence in report.drift:
            tell(sentence)
    raise typer.Exit(1 if report.drift else 0)


@topics.command()
def check(as_json: JsonOption = False) -> None:
    """Compare the topics with what they should be. Exit code 1 when one differs or is missing."""
    from cli.environment import answering_settings
    from journal import topics as journal_topics

    drift = journal_topics.check(answering_settings())
    if as_json:
        print_json({"drift": drift})
    else:
        for sentence in drift or ("All topics are as they should be.",):
            tell(sentence)
    raise typer.Exit(1 if drift else 0)
