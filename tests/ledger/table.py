"""Business cases as text tables: what happened when, what the ledger answered, and how the account stands then.

```
when        | event                       | effects                         | after
03-02 10:00 | balance B1 100.00 due 04-01 | owes B1 100.00                  | B1 100.00
            |                             | Dr receivable Cr payable 100.00 |
```

Times are UTC and of 2026; the broker's clock reads the same, unless the sentence begins with a clock of its own: `[03-01 10:00]`. A
row without a time goes on with the row above; an empty last column says that the account stands as before. `## a title` begins
another story, with an empty account. What stands above the first title is how every story of the text begins.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from ach.rail import AchRail
from ledger import effects as fx
from ledger import events
from ledger.account import Account
from ledger.book import Book, Position
from ledger.record import Entry
from ledger.wire import epoch_ms
from rules.compile import compile_or_reason
from tests.ledger import told
from tests.ledger.books import TABLE_BOOK
from tests.ledger.sentences import event
from tests.ledger.words import ACCOUNT, instant

_CLOCK = re.compile(r"^\[(.*?)\] ")
RAIL = AchRail()


class Row(NamedTuple):
    """One event and what is to come of it."""

    when: datetime
    event: str
    effects: tuple[str, ...]
    after: tuple[str, ...]


class Story(NamedTuple):
    """A title and its rows."""

    title: str
    rows: tuple[Row, ...]


class Seen(NamedTuple):
    """What a row brought about."""

    effects: tuple[fx.AnyEffect, ...]
    account: Account


def stories(text: str) -> list[Story]:
    """The stories of a table."""
    opening, *parts = re.split(r"^## (.*)$", text, flags=re.MULTILINE)
    return [Story(title.strip(), (*_rows(opening), *_rows(body))) for title, body in zip(parts[::2], parts[1::2], strict=True)]


def _rows(body: str) -> Iterator[Row]:
    cells = [[cell.strip() for cell in f"{line}|||".split("|")] for line in body.strip().splitlines()]
    at = [number for number, row in enumerate(cells) if row[0] and row[0] != "when"]
    for start, end in zip(at, [*at[1:], len(cells)], strict=False):
        block = cells[start:end]
        yield Row(
            instant(block[0][0]),
            block[0][1],
            tuple(row[2] for row in block if row[2]),
            tuple(row[3] for row in block if row[3]),
        )


def new_book() -> Book:
    """An empty book with the tables' rule book in force; all but a few of its accounts rest."""
    return Book(RAIL, compile_or_reason, TABLE_BOOK, lively=2)


def run(story: Story) -> Iterator[tuple[Row, Seen]]:
    """Play a story; every entry is also replayed into a second book, which must end up with the same account. In the first book the account
    rests after each row, in the second it never does."""
    book, replayed = new_book(), new_book()
    postings: Counter[str] = Counter()
    for number, row in enumerate(story.rows):
        clock = _CLOCK.match(row.event)
        now = instant(clock[1]) if clock else row.when
        told_of = event(_CLOCK.sub("", row.event), row.when, f"e{number}")
        entries = list(apply(book, told_of, Position(0, number, epoch_ms(now))))
        for entry in entries:
            replayed.replay(msgspec.json.decode(msgspec.json.encode(entry), type=Entry))
        state = book.accounts.get(ACCOUNT) or Account(ACCOUNT)
        again = replayed.accounts.get(ACCOUNT) or Account(ACCOUNT)
        raw = msgspec.json.encode(state)
        assert raw == msgspec.json.encode(again), row
        assert state == again, row
        if ACCOUNT in book.accounts:
            book.accounts.lay_to_rest(raw)
        assert book.governance == replayed.governance, row
        found = tuple(effect for entry in entries for effect in entry.effects)
        _post(postings, found)
        assert postings["patient_receivable"] == state.open_cents(), row
        assert postings["suspense"] == -state.suspense_cents, row
        yield row, Seen(found, state)


def apply(book: Book, told_of: events.Event, position: Position) -> Iterator[Entry]:
    """Entries of any event."""
    if isinstance(told_of, events.Tick):
        yield from book.tick(told_of, position, 0)
    elif isinstance(told_of, events.GovernanceEvent):
        yield book.govern(told_of, position)
    else:
        yield book.apply(told_of, position)


def _post(postings: Counter[str], effects: tuple[fx.AnyEffect, ...]) -> None:
    for effect in effects:
        if isinstance(effect, fx.Posted):
            assert effect.amount_cents > 0, effect
            postings[effect.debit] += effect.amount_cents
            postings[effect.credit] -= effect.amount_cents
    assert sum(postings.values()) == 0


def check(story: Story) -> None:
    """Every row as it is written; where the last column is empty the account stands as before."""
    stands: tuple[str, ...] = ("-",)
    for row, seen in run(story):
        stands = row.after or stands
        assert tuple(told.effects(seen.effects)) == row.effects, f"{story.title}: {row.event}"
        assert tuple(told.account(seen.account)) == stands, f"{story.title}: {row.event}"


def written(story: Story) -> str:
    """The story's table as the ledger tells it; for writing new ones, to be read by a person before they are kept."""
    lines: list[tuple[str, str, str, str]] = [("when", "event", "effects", "after")]
    before = ["-"]
    for row, seen in run(story):
        effects, stands = told.effects(seen.effects), told.account(seen.account)
        before, after = stands, [] if stands == before else stands
        for n in range(max(len(effects), len(after), 1)):
            head = (told.when(epoch_ms(row.when)), row.event) if n == 0 else ("", "")
            lines.append((*head, effects[n] if n < len(effects) else "", after[n] if n < len(after) else ""))
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    return "\n".join(" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)
