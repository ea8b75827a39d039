"""The page on rule books says what the code does."""

import re
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from cli.commands import rollout, rules
from ledger.governance import PHASES
from rules.compile import CompiledBook, compile_book
from rules.read import _TABLES
from rules.vocabulary import vocabulary_table

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")


def test_the_vocabulary_is_the_codes_own() -> None:
    assert vocabulary_table() in PAGE


@pytest.mark.parametrize("book", re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
def test_every_book_on_the_page_has_no_errors(book: str) -> None:
    compiled = compile_book(book)
    assert isinstance(compiled, CompiledBook), [str(error) for error in compiled]


def test_every_table_is_told() -> None:
    told = set(re.findall(r"`\[\[?(\w+)\]\]?`", PAGE))
    assert told == set(_TABLES)


def test_every_phase_is_told() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE.partition("| phase |")[2], re.MULTILINE) == list(PHASES)


def test_every_command_is_told_and_exists() -> None:
    app = typer.Typer()
    rules.register(app)
    rollout.register(app)
    groups = get_command(app).commands  # type: ignore[attr-defined]
    wanted = {f"rules {name}" for name in groups["rules"].commands} | {f"rollout {name}" for name in groups["rollout"].commands}
    told = {" ".join(words) for words in re.findall(r"hms-ach (rules|rollout) (\w+)", PAGE)}
    assert told == wanted
