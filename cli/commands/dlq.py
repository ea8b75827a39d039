"""`hms-ach dlq`: dead letters, what they are and what to do with them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import JsonOption, counted, print_json, print_table, tell

if TYPE_CHECKING:
    from journal.letters import Letter
    from journal.settings import Settings

dlq = typer.Typer(no_args_is_help=True, help="Dead letters: list, show, send again, discard.")
PlaceArgument = Annotated[str, typer.Argument(help="partition:offset, as `dlq list` shows it.")]
PlacesArgument = Annotated[list[str] | None, typer.Argument(help="partition:offset, as often as needed.")]
PurposeOption = Annotated[str, typer.Option("--purpose", help="What the content is looked at for; it goes into the log.")]
CodeOption = Annotated[str, typer.Option("--code", help="All letters with this error code.")]


def register(app: typer.Typer) -> None:
    """Add `dlq`."""
    app.add_typer(dlq, name="dlq")


@dlq.command(name="list")
def list_letters(code: CodeOption = "", as_json: JsonOption = False) -> None:
    """Letters that nobody has dealt with."""
    from cli.environment import reachable_settings
    from journal.letters import open_letters

    found = [letter for letter in open_letters(reachable_settings()) if not code or letter.code == code]
    if as_json:
        print_json([_summary(letter) for letter in found])
        return
    rows = [(_place(letter), _time(letter.at_ms), letter.code, letter.detail[:80], _origin(letter), _size(letter)) for letter in found]
    print_table(counted(len(found), "dead letter"), ("letter", "since", "code", "reason", "came from", "bytes"), rows)


@dlq.command()
def show(place: PlaceArgument, purpose: PurposeOption = "", as_json: JsonOption = False) -> None:
    """One letter: reason and origin; with a purpose also what came in, which may be personal data. That is noted first."""
    import getpass

    from cli.environment import reachable_settings
    from journal import letters

    settings = reachable_settings()
    letter = _chosen(settings, [place], "", unseal=bool(purpose))[0]
    if not purpose:
        if as_json:
            print_json(_summary(letter))
            return
        print_table(_place(letter), ("", ""), [(name, value) for name, value in _summary(letter).items()])
        tell("What came in is sealed; --purpose shows it and notes who looked.")
        return
    letters.shown(settings, [letter], getpass.getuser(), purpose)
    text = (letter.value or b"").decode("utf-8", "backslashreplace")
    if as_json:
        print_json({**_summary(letter), "key": (letter.key or b"").decode("utf-8", "backslashreplace"), "value": text})
        return
    print_table(_place(letter), ("", ""), [(name, value) for name, value in _summary(letter).items()])
    typer.echo(text)


@dlq.command()
def replay(places: PlacesArgument = None, code: CodeOption = "") -> None:
    """Send letters to their topic again, as they came; each is decided anew."""
    _deal_with(places, code, _replay, "sent again", unseal=True)


@dlq.command()
def discard(places: PlacesArgument = None, code: CodeOption = "") -> None:
    """Note that letters need no more attention; their bytes stay in the topic."""
    from journal import letters

    _deal_with(places, code, letters.discard, "discarded", unseal=False)


def _deal_with(places: list[str] | None, code: str, act: Callable[["Settings", "list[Letter]"], None], done: str, *, unseal: bool) -> None:
    from cli.environment import reachable_settings

    settings = reachable_settings()
    chosen = _chosen(settings, places or [], code, unseal=unseal)
    act(settings, chosen)
    tell(f"{counted(len(chosen), 'letter')} {done}.")


def _replay(settings: "Settings", chosen: "list[Letter]") -> None:
    from cli.errors import UserError
    from journal import letters

    of_files = [_place(letter) for letter in chosen if _is_of_a_file(letter)]
    if of_files:
        raise UserError(
            f"{', '.join(of_files)} came from a file of the bank, not from a topic: "
            "hand in the right file with `hms-ach bank receive`, then discard."
        )
    letters.replay(settings, chosen)


def _chosen(settings: "Settings", places: list[str], code: str, *, unseal: bool) -> "list[Letter]":
    from cli.errors import UserError
    from journal.keys.masters import KeyAccessError
    from journal.letters import open_letters

    if not places and not code:
        raise UserError("Name letters by partition:offset, or all of one kind by --code.")
    try:
        by_place = {_place(letter): letter for letter in open_letters(settings, unseal=unseal)}
    except KeyAccessError as error:
        raise UserError(str(error)) from error
    unknown = [place for place in places if place not in by_place]
    if unknown:
        raise UserError(f"No open letter at {', '.join(unknown)}; `hms-ach dlq list` shows them.")
    return [letter for place, letter in by_place.items() if place in places or (code and letter.code == code)]


def _summary(letter: "Letter") -> dict[str, object]:
    return {
        "letter": _place(letter),
        "since": _time(letter.at_ms),
        "code": letter.code,
        "reason": letter.detail,
        "came_from": _origin(letter),
        "bytes": _size(letter),
        "headers": {name: (value or b"").decode("utf-8", "replace") for name, value in letter.headers},
    }


def _place(letter: "Letter") -> str:
    return f"{letter.partition}:{letter.offset}"


def _origin(letter: "Letter") -> str:
    """Topic and place of a message; or the bank's file."""
    if _is_of_a_file(letter):
        return f"{letter.topic} {(dict(letter.headers).get('hms_file') or b'').decode('utf-8', 'replace')}"
    return f"{letter.topic} {letter.source_partition}:{letter.source_offset}"


def _is_of_a_file(letter: "Letter") -> bool:
    return letter.source_partition < 0


def _size(letter: "Letter") -> int:
    return len(letter.value or b"")


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds")
