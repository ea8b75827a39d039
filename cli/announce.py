"""Commands that tell every partition something, and show what each answered."""

import getpass
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import UserError
from cli.output import print_json, print_table, tell

if TYPE_CHECKING:
    from journal.announce import Answer

ByOption = Annotated[str, typer.Option("--by", help="Who does it, for the record; the user of this session if left out.")]
_WORDS = {"done": "done", "already": "was so already", "refused": "REFUSED", "silent": "NO ANSWER YET"}


def person(by: str) -> str:
    """The name for the record. Raises UserError for one that no event may carry."""
    name = by or getpass.getuser()
    if not re.fullmatch(r"[A-Za-z0-9._:@/+=-]{1,128}", name):
        raise UserError(f"--by {name}: a name is 1 to 128 letters, digits or ._:@/+=- without spaces.")
    return name


def announce_all(kind: str, data: Mapping[str, Any], *, as_json: bool, done: str) -> None:
    """Tell every partition, wait, show the answers; `done` is the sentence when all agree. Exit code 1 when one refused or was silent."""
    from cli.environment import reachable_settings
    from cli.progress import bar
    from journal.announce import TooLargeError, announce

    settings = reachable_settings()
    with bar("Partitions", quiet=as_json) as advance:
        try:
            answers = announce(settings, kind, data, heard=lambda count: advance(count, settings.partitions))
        except TooLargeError as error:
            raise UserError(f"Nothing was sent: {error}.") from error
    agreed = all(answer.word in ("done", "already") for answer in answers)
    if as_json:
        print_json({"agreed": agreed, "partitions": [answer._asdict() for answer in answers]})
    elif agreed:
        tell(f"{done} ({len(answers)} partitions).")
    else:
        _show(answers)
    raise typer.Exit(0 if agreed else 1)


def _show(answers: "Sequence[Answer]") -> None:
    rows = [(answer.partition, _WORDS[answer.word], answer.reason, answer.detail) for answer in answers]
    print_table("Answers", ("partition", "answer", "reason", "detail"), rows)
    if any(answer.word == "silent" for answer in answers):
        tell("Where there is no answer yet the event waits for a worker and will be answered; the same command again is harmless.")
