"""The table of personal fields in the guide, made of the marks in the models."""

from typing import Final, get_args, get_type_hints

from api.schemas import type_of
from ledger import events
from ledger.privacy import marked

HEAD: Final = "| event | field | kind |\n|---|---|---|\n"
GUIDE: Final = "privacy.md"


def table() -> str:
    """One line for each marked field of each event."""
    return "".join(
        f"| `{type_of(event)}` | `{field}` | {kind} |\n"
        for event in get_args(events.AccountEvent)
        for field, kind in marked(get_type_hints(event)["data"])
    )


def renewed(guide: str) -> str:
    """The guide with its table made anew."""
    begin = guide.index(HEAD) + len(HEAD)
    end = guide.index("\n\n", begin) + 1
    return guide[:begin] + table() + guide[end:]
