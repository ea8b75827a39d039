"""Money in suspense finds the balance that is opened after it, whichever came first. The tables are read as `tests.ledger.table` says."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import Book, Position
from ledger.wire import epoch_ms
from rules.compile import compile_or_reason
from tests.ledger.naive import Naive
from tests.ledger.sentences import ACCOUNT, TABLE_BOOK, event
from tests.ledger.table import RAIL, Story, check, stories

TABLE = """
## a bill that comes after its money
when        | event                                  | effects                                    | after
03-02 10:00 | deposit D1 100.00 on 03-02 for B1      | deposit D1 100.00                          | suspense 100.00
            |                                        | suspense +100.00                           |
            |                                        | Dr cash Cr suspense 100.00                 |
            |                                        | exception D1/UNKNOWN_ACCOUNT medium 100.00 |
03-03 10:00 | balance B1 100.00 due 04-01            | owes B1 100.00                             | B1 0.00
            |                                        | Dr receivable Cr payable 100.00            |
            |                                        | suspense -100.00                           |
            |                                        | D1 pays B1 100.00 by id                    |
            |                                        | Dr suspense Cr receivable 100.00           |
            |                                        | closed D1/UNKNOWN_ACCOUNT matched          |

## only a bill that was opened within five banking days
when        | event                                  | effects                                    | after
03-02 10:00 | deposit D1 100.00 on 03-02 for B1      | deposit D1 100.00                          | suspense 100.00
            |                                        | suspense +100.00                           |
            |                                        | Dr cash Cr suspense 100.00                 |
            |                                        | exception D1/UNKNOWN_ACCOUNT medium 100.00 |
03-10 10:00 | balance B1 100.00 due 04-01            | owes B1 100.00                             | B1 100.00
            |                                        | Dr receivable Cr payable 100.00            | suspense 100.00
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)


def test_what_a_person_took_back_waits_for_a_person() -> None:
    told = [
        "balance B1 100.00 due 2026-04-01",
        "deposit D1 100.00 on 2026-03-02 for B1",
        "unmatch D1 by anna",
        "balance B2 100.00 due 2026-04-01",
    ]
    assert outcome(told).matches == {}


class Outcome(NamedTuple):
    """What a history comes to: who pays what, what lies in suspense, and the general ledger."""

    matches: dict[tuple[str, str], int]
    suspended: dict[str, int]
    ledger: dict[str, int]


def outcome(sentences: list[str]) -> Outcome:
    """The account after these events, one a minute."""
    book, naive = Book(RAIL, compile_or_reason, TABLE_BOOK), Naive()
    for number, sentence in enumerate(sentences):
        at = datetime(2026, 3, 2, 15, tzinfo=UTC) + timedelta(minutes=number)
        naive.take(book.apply(event(sentence, at, f"e{number}"), Position(0, number, epoch_ms(at))).effects)  # type: ignore[arg-type]
    account = book.accounts[ACCOUNT]
    assert account.suspense_cents == sum(naive.suspended().values())
    assert account.open_cents() == sum(naive.open().values())
    assert {name.partition("/")[0] for name in account.exceptions} == set(+naive.suspended())
    return Outcome(dict(naive.paid()), dict(+naive.suspended()), dict(naive.general_ledger()))


@st.composite
def claims(draw: st.DrawFn) -> list[str]:
    """Balances, each of them claimed by one deposit or by none: by id, reference or amount, whole, in part, too much, or summed up with
    another; and money that is for nothing here. No two sums are equal.
    """
    told: list[str] = []
    summed: list[int] = []
    for number in range(draw(st.integers(1, 6))):
        cents = 100_00 * 2**number
        how = draw(st.sampled_from(["id", "reference", "amount", "part", "more", "sum", "none"]))
        named = how in ("reference", "part", "more")
        told.append(f"balance B{number} {cents / 100:.2f} due 2026-04-{number + 1:02}{f' ref INV-{number}' if named else ''}")
        paid = {"part": cents - 33_00, "more": cents + 33_00}.get(how, cents)
        suffix = f" for B{number}" if how == "id" else f" ref inv {number}" if named else ""
        if how == "sum":
            summed.append(cents)
        elif how != "none":
            told.append(f"deposit D{number} {paid / 100:.2f} on 2026-03-02{suffix}")
    if len(summed) > 1:
        told.append(f"deposit D8 {sum(summed) / 100:.2f} on 2026-03-03")
    if draw(st.booleans()):
        told.append("deposit D9 0.07 on 2026-03-02 ref OTHER-1")
    return told


@given(claims().flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
@settings(max_examples=200, deadline=None)
def test_any_order_of_arrival_inside_the_window_gives_the_same_matches(histories: tuple[list[str], list[str]]) -> None:
    in_order, shuffled = histories
    assert outcome(shuffled) == outcome(in_order)
