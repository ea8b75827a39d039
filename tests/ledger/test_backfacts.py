"""Facts made again from the journal are the facts that decisions were made on, to the last field."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import pytest

from ledger.backfacts import Backfacts, Past, came_back
from ledger.book import Book, Position
from ledger.charges import Charges, Owing, Share
from ledger.events import AccountEvent
from ledger.facts import Facts
from ledger.matching.terms import Terms
from ledger.policy import Missing, Retry, Rules, Verdict
from ledger.record import Entry
from ledger.wire import Unreadable, decode_account, epoch_ms
from rules.compile import compile_or_reason
from rules.default import default_book_text
from simulator.load import payments
from tests.ledger import test_completeness
from tests.ledger.books import TABLE_BOOK
from tests.ledger.sentences import event
from tests.ledger.table import RAIL, Story, apply, stories


class Watched(NamedTuple):
    """Rules that note what they are asked; they answer as the rules inside do."""

    inside: Rules
    asked: list[tuple[Facts, Verdict]]

    @property
    def version(self) -> str:
        return self.inside.version

    def evaluate(self, facts: Facts) -> Verdict:
        verdict = self.inside.evaluate(facts)
        self.asked.append((facts, verdict))
        return verdict

    def route(self, rule: str, severity: str) -> tuple[str, ...]:
        return self.inside.route(rule, severity)

    def snoozable(self, rule: str) -> bool:
        return self.inside.snoozable(rule)

    @property
    def later(self) -> frozenset[str]:
        return self.inside.later

    @property
    def retry(self) -> Retry:
        return self.inside.retry

    @property
    def prenotes(self) -> tuple[str, ...]:
        return self.inside.prenotes

    @property
    def remittances(self) -> tuple[str, ...]:
        return self.inside.remittances

    @property
    def missing(self) -> Missing | None:
        return self.inside.missing

    @property
    def paid_in(self) -> Terms:
        return self.inside.paid_in

    @property
    def charges(self) -> Charges | None:
        return self.inside.charges

    def allocate(self, amount_cents: int, owing: Sequence[Owing]) -> tuple[Share, ...]:
        return self.inside.allocate(amount_cents, owing)


def watched(text: str) -> tuple[Book, list[tuple[Facts, Verdict]]]:
    """A book, and what its rules are asked."""
    asked: list[tuple[Facts, Verdict]] = []

    def compile_rules(source: str) -> Rules | str:
        rules = compile_or_reason(source)
        return rules if isinstance(rules, str) else Watched(rules, asked)

    return Book(RAIL, compile_rules, text), asked


def read_back(entries: list[Entry]) -> list[Past]:
    """The decisions in these entries as a reader of the journal finds them."""
    past = Backfacts(RAIL)
    made = (past.take(msgspec.json.decode(msgspec.json.encode(entry), type=Entry)) for entry in entries)
    return [each for each in made if each is not None]


STORIES = [story for module in test_completeness.MODULES for story in module.STORIES]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_of_every_story(story: Story) -> None:
    book, asked = watched(TABLE_BOOK)
    entries: list[Entry] = []
    for number, row in enumerate(story.rows):
        text = row.event.partition("] ")[2] if row.event.startswith("[") else row.event
        made = event(text, row.when, f"e{number}")
        entries += apply(book, made, _position(number, epoch_ms(row.when)))
    shadows = {"shadow" in row.event for row in story.rows}
    if True not in shadows:  # a shadow is asked too
        assert [(each.facts, each.outcome) for each in read_back(entries)] == [(facts, verdict.outcome) for facts, verdict in asked]


def test_of_a_days_load() -> None:
    book, asked = watched(default_book_text())
    entries = []
    for number, (_, _, value) in enumerate(payments(7, 400, 3000)):
        made: AccountEvent | Unreadable = decode_account(value)
        assert not isinstance(made, Unreadable)
        entries.append(book.apply(made, _position(number, epoch_ms(made.time))))
    found = read_back(entries)
    assert len(found) > 500
    assert [each.facts for each in found] == [facts for facts, _ in asked]
    assert [each.outcome for each in found] == [verdict.outcome for _, verdict in asked]


RETURNS = """
## returns
when        | event
03-02 10:00 | repayment T1 100.00
03-02 10:01 | disbursement T2 100.00
03-02 10:02 | settled T1 100.00 on 03-02
03-03 10:00 | returned T1 R01 100.00 on 03-03
03-03 10:00 | returned T2 R29 100.00 on 03-03
"""


def test_returns_by_code() -> None:
    book, _ = watched(TABLE_BOOK)
    (story,) = stories(RETURNS)
    entries = [
        entry
        for number, row in enumerate(story.rows)
        for entry in apply(book, event(row.event, row.when, f"e{number}"), _position(number, epoch_ms(row.when)))
    ]
    assert list(came_back(entries)) == [("T1", "R01"), ("T2", "R29")]


def _position(number: int, at_ms: int) -> Position:
    return Position(0, number, at_ms)
