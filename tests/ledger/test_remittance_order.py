"""Bills, insurers' money and its advices in any order: the same bills are paid, and the same is told."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import Book, Position
from ledger.wire import epoch_ms
from rules.compile import compile_or_reason
from tests.ledger.books import BOOKS
from tests.ledger.naive import Naive
from tests.ledger.sentences import event
from tests.ledger.table import RAIL
from tests.ledger.words import ACCOUNT


class Outcome(NamedTuple):
    """What a history comes to."""

    matches: dict[tuple[str, str], int]
    suspended: dict[str, int]
    exceptions: set[str]
    explained: dict[str, str]


def outcome(sentences: list[str]) -> Outcome:
    """The account after these events, one a minute, at a hospital whose insurers send advices."""
    book, naive = Book(RAIL, compile_or_reason, BOOKS["REMITTANCES"]), Naive()
    for number, sentence in enumerate(sentences):
        at = datetime(2026, 3, 2, 15, tzinfo=UTC) + timedelta(minutes=number)
        naive.take(book.apply(event(sentence, at, f"e{number}"), Position(0, number, epoch_ms(at))).effects)  # type: ignore[arg-type]
    account = book.accounts[ACCOUNT]
    assert account.suspense_cents == sum(naive.suspended().values())
    assert account.open_cents() == sum(naive.open().values())
    assert naive.general_ledger().total() == 0
    explained = {advice.advice_id: advice.deposit_id for advice in account.advices.values()}
    return Outcome(dict(naive.paid()), dict(+naive.suspended()), set(account.exceptions), explained)


@st.composite
def remittances(draw: st.DrawFn) -> list[str]:
    """Bills, and advices that pay one or two of them; the money of each comes or does not, and once in a while a cent is wrong."""
    owed = [100_00 + 7_00 * number for number in range(draw(st.integers(1, 5)))]
    told = [f"balance B{number} {cents / 100:.2f} due 2026-04-01 ref INV-{number}" for number, cents in enumerate(owed)]
    left = list(enumerate(owed))
    while left:
        bills = [left.pop() for _ in range(min(len(left), draw(st.integers(1, 2))))]
        name, total = bills[0][0], sum(cents for _, cents in bills)
        written = " ".join(f"{draw(st.sampled_from(['B', 'inv']))}{bill}={cents / 100:.2f}" for bill, cents in bills)
        wrong = draw(st.sampled_from([0, 0, 0, 1]))
        if draw(st.integers(0, 4)):
            told.append(f"advice A{name} {total / 100:.2f} on 2026-03-03 trace E{name} {written}")
        if draw(st.integers(0, 4)):
            told.append(f"deposit D{name} {(total + wrong) / 100:.2f} on 2026-03-02 ref HCCLAIMPMT/TRN:1:E{name}:INSURER")
    return told


@given(remittances().flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
@settings(max_examples=150, deadline=None)
def test_any_order_of_bills_money_and_advices_gives_the_same_matches(histories: tuple[list[str], list[str]]) -> None:
    in_order, shuffled = histories
    assert outcome(shuffled) == outcome(in_order)
