"""`hms-ach rules`: check a rule book, try it on the past, run it as a shadow, put it in force, take it back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.announce import ByOption, announce_all, person
from cli.errors import UserError
from cli.output import JsonOption, print_json, print_table, tell

if TYPE_CHECKING:
    from journal.overview import Overview
    from rules.compile import CompiledBook

rules = typer.Typer(no_args_is_help=True, help="Rule books: lint, back-test, shadow, activate, roll back.")
shadow = typer.Typer(no_args_is_help=True, help="A candidate book beside the one in force, which only reports.")
FileArgument = Annotated[Path, typer.Argument(help="The rule book: a TOML file.")]


def register(app: typer.Typer) -> None:
    """Add `rules`."""
    rules.add_typer(shadow, name="shadow")
    app.add_typer(rules, name="rules")


@rules.command()
def lint(file: FileArgument, as_json: JsonOption = False) -> None:
    """Check a book: every error with its line. Exit code 1 when there is one."""
    from msgspec import to_builtins

    from rules.compile import CompiledBook, compile_book

    book = compile_book(text_of(file))
    errors = () if isinstance(book, CompiledBook) else book
    if as_json:
        version = book.version if isinstance(book, CompiledBook) else None
        print_json({"valid": not errors, "version": version, "errors": [to_builtins(error) for error in errors]})
    elif isinstance(book, CompiledBook):
        tell(f"{book.version}: {len(book.book.rules)} rules, no errors.")
    else:
        for error in book:
            typer.echo(f"{file}: {error}")
    raise typer.Exit(1 if errors else 0)


@rules.command()
def show(
    version: Annotated[str, typer.Argument(help="Print the text of this version; without one, list what is in force.")] = "",
    as_json: JsonOption = False,
) -> None:
    """What is in force in each partition and which versions were; or the text of one version."""
    from cli.environment import reachable_settings

    settings = reachable_settings()
    found = _overview(as_json=as_json)
    if version:
        text = _text_of(found, version)
        if as_json:
            print_json({"version": version, "text": text})
        else:
            typer.echo(text, nl=False)
        return
    default, _ = _default()
    rows = []
    for partition in range(settings.partitions):
        active = found.in_force.get(partition)
        rows.append((partition, active.version if active else default, _when(active.at_ms) if active else "", _by(active)))
    if as_json:
        keys = ("partition", "version", "since", "activated_by")
        print_json({"partitions": [dict(zip(keys, row, strict=True)) for row in rows], "versions": sorted({default, *found.texts})})
        return
    print_table("In force", ("partition", "version", "since", "by"), rows)
    tell(f"Versions to roll back to: {', '.join(sorted({default, *found.texts}))}.")


@rules.command()
def activate(file: FileArgument, by: ByOption = "", as_json: JsonOption = False) -> None:
    """Put a book in force in every partition. Exit code 1 when a partition refused or did not answer in time."""
    book, text = _compiled(file)
    data = {"version": book.version, "text": text, "activated_by": person(by)}
    announce_all("policy.activated.v1", data, as_json=as_json, done=f"{book.version} is in force")


@rules.command()
def rollback(
    version: Annotated[str, typer.Argument(help="The version to go back to, such as default@1.")],
    by: ByOption = "",
    as_json: JsonOption = False,
) -> None:
    """Put an earlier version in force again, with the text it had."""
    name = person(by)
    text = _text_of(_overview(as_json=as_json), version)
    data = {"version": version, "text": text, "activated_by": name}
    announce_all("policy.activated.v1", data, as_json=as_json, done=f"{version} is in force again")


@rules.command()
def backtest(file: FileArgument, as_json: JsonOption = False) -> None:
    """What a book would have decided over the whole journal: payments and money that differ, and what came of them."""
    from cli.environment import reachable_settings
    from cli.progress import bar
    from journal.backtest import as_data
    from journal.backtest import backtest as run_over_journal
    from rules.backtest import sentences
    from rules.explain import dollars

    book, _ = _compiled(file)
    with bar("Journal records", quiet=as_json) as advance:
        report = run_over_journal(reachable_settings(), book, advance)
    if as_json:
        print_json(as_data(report))
        return
    for sentence in sentences(report):
        typer.echo(sentence)
    rows = [(each.rule, f"{each.total.payments:,}", dollars(each.total.cents), _codes(each.total.returned)) for each in report.rules]
    print_table(f"{report.total.payments:,} payments, {dollars(report.total.cents)}", ("rule", "fired on", "amount", "returned"), rows)


@shadow.command("start")
def shadow_start(file: FileArgument, by: ByOption = "", as_json: JsonOption = False) -> None:
    """Run a book beside the one in force; it only reports."""
    book, text = _compiled(file)
    data = {"text": text, "shadowed_by": person(by)}
    announce_all("policy.shadowed.v1", data, as_json=as_json, done=f"{book.version} runs as a shadow")


@shadow.command("stop")
def shadow_stop(by: ByOption = "", as_json: JsonOption = False) -> None:
    """End the shadow."""
    announce_all("policy.shadowed.v1", {"text": "", "shadowed_by": person(by)}, as_json=as_json, done="No shadow runs")


@shadow.command("status")
def shadow_status(as_json: JsonOption = False) -> None:
    """Which book runs as a shadow, and what it would have decided otherwise."""
    from ledger.money import money

    found = _overview(as_json=as_json)
    running = sorted({each.version for each in found.shadows.values()})
    rows = [
        (policy, recorded, outcome, f"{total.payments:,}", money(total.cents), ", ".join(total.examples))
        for (policy, recorded, outcome), total in found.together().items()
    ]
    if as_json:
        keys = ("version", "recorded", "shadow", "payments", "amount", "examples")
        print_json({"running": running, "differing": [dict(zip(keys, row, strict=True)) for row in rows]})
        return
    tell(f"Running as a shadow: {', '.join(running)}." if running else "No shadow runs.")
    print_table("Decided otherwise", ("shadow", "in force", "shadow says", "payments", "amount", "examples"), rows)


def text_of(file: Path) -> str:
    """The text of a rule book's file. Raises UserError for one that is no text."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UserError(f"{file} is not a rule book: it is not UTF-8 text.") from None


def _compiled(file: Path) -> "tuple[CompiledBook, str]":
    """The book and its text: read once, for a pipe gives it once."""
    from rules.compile import compile_or_reason

    text = text_of(file)
    book = compile_or_reason(text)
    if isinstance(book, str):
        raise UserError(f"{file} is not a rule book:\n{book}")
    return book, text


def _overview(*, as_json: bool) -> "Overview":
    from cli.environment import reachable_settings
    from cli.progress import bar
    from journal.overview import overview

    with bar("Journal records", quiet=as_json) as advance:
        return overview(reachable_settings(), advance)


def _default() -> tuple[str, str]:
    """Version and text of the book that ships."""
    from rules.compile import compile_or_reason
    from rules.default import default_book_text

    text = default_book_text()
    book = compile_or_reason(text)
    assert not isinstance(book, str), book
    return book.version, text


def _text_of(found: "Overview", version: str) -> str:
    default, shipped = _default()
    text = found.texts.get(version) or (shipped if version == default else None)
    if text is None:
        raise UserError(f"No version {version} was ever in force; there are {', '.join(sorted({default, *found.texts}))}.")
    return text


def _by(active: object) -> str:
    return str(getattr(active, "activated_by", ""))


def _when(at_ms: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds")


def _codes(returned: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{code}: {count:,}" for code, count in returned)
