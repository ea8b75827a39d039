"""Money in suspense finds the balance that is opened after it, whichever came first. The tables are read as `tests.ledger.table` says."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import Book, Position
from ledger.wire import epoch_ms
from rules.compile import compile_or_reason
from tests.ledger.books import TABLE_BOOK
from tests.ledger.naive import Naive
from tests.ledger.sentences import event
from tests.ledger.table import RAIL, Story, check, stories
from tests.ledger.words import ACCOUNT

DEPOSIT = """
when        | event                             | effects                                    | after
03-02 10:00 | deposit D1 100.00 on 03-02 for B1 | deposit D1 100.00                          | suspense 100.00
            |                                   | suspense +100.00                           |
            |                                   | Dr cash Cr suspense 100.00                 |
            |                                   | exception D1/UNKNOWN_ACCOUNT medium 100.00 |

## a bill that comes after its money
when        | event                       | effects                           | after
03-03 10:00 | balance B1 100.00 due 04-01 | owes B1 100.00                    | B1 0.00
            |                             | Dr receivable Cr payable 100.00   |
            |                             | suspense -100.00                  |
            |                             | D1 pays B1 100.00 by id           |
            |                             | Dr suspense Cr receivable 100.00  |
            |                             | closed D1/UNKNOWN_ACCOUNT matched |

## only a bill that was opened within five banking days
when        | event                       | effects                         | after
03-10 10:00 | balance B1 100.00 due 04-01 | owes B1 100.00                  | B1 100.00
            |                             | Dr receivable Cr payable 100.00 | suspense 100.00
"""
REPAYMENT = """
when        | event                      | effects                                            | after
03-02 10:00 | repayment T1 130.00        | repayment T1 130.00                                | T1 approved
            |                            | T1 approved by table@1                             |
            |                            | debit entry 1 WEB 'PATIENTPAY' 130.00              |
03-03 15:00 | settled T1 130.00 on 03-03 | T1 settled                                         | T1 settled
            |                            | suspense +130.00                                   | suspense 130.00
            |                            | Dr cash Cr suspense 130.00                         |
            |                            | exception T1/UNKNOWN_ACCOUNT medium 130.00         |
            |                            | webhook settled 130.00, open 0.00, UNKNOWN_ACCOUNT |

## a repayment that came before its bill, and more than it
when        | event                       | effects                            | after
03-04 10:00 | balance B1 100.00 due 04-01 | owes B1 100.00                     | T1 settled
            |                             | Dr receivable Cr payable 100.00    | B1 0.00
            |                             | suspense -100.00                   | suspense 30.00
            |                             | T1 pays B1 100.00 by oldest_first  |
            |                             | Dr suspense Cr receivable 100.00   |
            |                             | closed T1/UNKNOWN_ACCOUNT matched  |
            |                             | exception T1/OVERPAID medium 30.00 |
            |                             | webhook settled 0.00, open 0.00    |
03-05 10:00 | balance B2 50.00 due 04-01  | owes B2 50.00                      | T1 settled
            |                             | Dr receivable Cr payable 50.00     | B1 0.00
            |                             | suspense -30.00                    | B2 20.00
            |                             | T1 pays B2 30.00 by oldest_first   |
            |                             | Dr suspense Cr receivable 30.00    |
            |                             | closed T1/OVERPAID matched         |
            |                             | webhook settled 0.00, open 20.00   |

## it waits five banking days, and no bill of another hospital gets it
when        | event                                   | effects                         | after
03-04 10:00 | balance B1 100.00 due 04-01 hospital H2 | owes B1 100.00                  | T1 settled
            |                                         | Dr receivable Cr payable 100.00 | B1 100.00
            |                                         |                                 | suspense 130.00
03-11 10:00 | balance B2 100.00 due 04-01             | owes B2 100.00                  | T1 settled
            |                                         | Dr receivable Cr payable 100.00 | B1 100.00
            |                                         |                                 | B2 100.00
            |                                         |                                 | suspense 130.00
"""
STORIES = stories(DEPOSIT) + stories(REPAYMENT)


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
@settings(max_examples=150, deadline=None)
def test_any_order_of_arrival_inside_the_window_gives_the_same_matches(histories: tuple[list[str], list[str]]) -> None:
    in_order, shuffled = histories
    assert outcome(shuffled) == outcome(in_order)


_DOLLARS = st.sampled_from(["10.00", "25.00", "60.00", "100.01"])


@st.composite
def repayments(draw: st.DrawFn) -> list[str]:
    """Bills and repayments that name one of them, another one or none; each settles in full."""
    told = [f"balance B{number} {draw(_DOLLARS)} due 2026-04-{number + 1:02}" for number in range(draw(st.integers(1, 4)))]
    for number in range(draw(st.integers(1, 4))):
        amount = draw(_DOLLARS)
        named = draw(st.sampled_from(["", " for B0", " for B1", " for B9"]))
        told += [f"repayment T{number} {amount}{named}", f"settled T{number} {amount} on 2026-03-02"]
    return told


@given(repayments().flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
@settings(max_examples=100, deadline=None)
def test_repayments_leave_as_much_owed_and_as_much_over_whichever_order_they_come_in(histories: tuple[list[str], list[str]]) -> None:
    in_order, shuffled = (outcome(told) for told in histories)
    assert shuffled.ledger == in_order.ledger
    assert not (shuffled.ledger["patient_receivable"] and shuffled.suspended)
