"""`hms-ach topics`: create the topics, or check them for drift."""

import typer

from cli.output import JsonOption, print_json, tell

topics = typer.Typer(no_args_is_help=True, help="The Kafka topics: create them, or check them for drift.")


def register(app: typer.Typer) -> None:
    """Add `topics`."""
    app.add_typer(topics, name="topics")


@topics.command()
def apply(as_json: JsonOption = False) -> None:
    """Create the topics that are missing; a topic that exists is never changed. Exit code 1 when one differs."""
    from cli.environment import reachable_settings
    from journal import topics as journal_topics

    report = journal_topics.apply(reachable_settings())
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
    from cli.environment import reachable_settings
    from journal import topics as journal_topics

    drift = journal_topics.check(reachable_settings())
    if as_json:
        print_json({"drift": drift})
    else:
        for sentence in drift or ("All topics are as they should be.",):
            tell(sentence)
    raise typer.Exit(1 if drift else 0)
