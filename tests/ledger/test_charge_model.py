"""Random histories under a book that charges everything: no cent appears or vanishes, and no charge is more than the book allows."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.settings import Settings
from ledger import effects as fx
from ledger.account import Account
from ledger.book import Book
from ledger.record import Entry
from rules.compile import compile_or_reason
from streams.poster import POLICY, Poster
from tests.ledger.books import BOOKS
from tests.ledger.histories import HISTORY, Step, Told, naive, play, state, told
from tests.ledger.table import RAIL, apply

HISTORIES = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CHARGING = st.sampled_from(["ALL", "PRINCIPAL-FIRST", "SHORTER", "PROMOTION"])
SLOWER = 9
"""a history of days becomes one of months, so that grace and interest periods end in it"""


def a_book(name: str) -> Book:
    return Book(RAIL, compile_or_reason, BOOKS[name])


def slowly(history: list[Step]) -> list[Step]:
    """The history, stretched, with a tick behind every event."""
    found = []
    for step in history:
        found += [step._replace(minutes=step.minutes * SLOWER), Step("tick", step.account, 0, 0)]
    return found


@given(HISTORY, CHARGING)
@HISTORIES
def test_receivable_is_what_is_open_and_income_is_what_was_charged(history: list[Step], name: str) -> None:
    book = a_book(name)
    for reference, second in naive(play(book, slowly(history))).items():
        account, sums, charged = book.accounts.get(reference) or Account(reference), second.general_ledger(), second.charged()
        assert sum(sums.values()) == 0
        assert sums["patient_receivable"] == account.open_cents()
        assert {item.balance_id: item.open_cents for item in account.items.values()} == second.open()
        assert {item.balance_id: item.original_cents for item in account.items.values()} == second.original()
        assert (sums["fees"], sums["interest"]) == (-charged["fees"], -charged["interest"])
        assert sums["suspense"] == -account.suspense_cents
        assert all(0 <= item.open_cents <= item.original_cents for item in account.items.values())


@given(HISTORY, CHARGING)
@HISTORIES
def test_cents_of_a_source_are_allocated_or_in_suspense(history: list[Step], name: str) -> None:
    book = a_book(name)
    for reference, second in naive(play(book, slowly(history))).items():
        account = book.accounts.get(reference) or Account(reference)
        paid: Counter[str] = Counter()
        for (source, _), cents in second.paid().items():
            paid[source] += cents
        for payment in account.payments.values():
            stands = payment.status in {"settled", "completed"} and payment.direction == "repayment"
            assert paid[payment.transaction_id] + payment.suspended_cents == (payment.amount_cents if stands else 0)
        for deposit in account.deposits.values():
            assert paid[deposit.deposit_id] + second.suspended()[deposit.deposit_id] == deposit.amount_cents


@given(HISTORY, CHARGING, st.integers(0, 80))
@HISTORIES
def test_a_replay_or_a_checkpoint_goes_on_as_if_nothing_had_happened(history: list[Step], name: str, cut: int) -> None:
    poster = Poster(Settings())
    book, replayed, restored = a_book(name), a_book(name), a_book(name)
    events = told(slowly(history))
    for made, position in events[:cut]:
        for entry in apply(book, made, position):
            replayed.replay(msgspec.json.decode(msgspec.json.encode(entry), type=Entry))
    for key, value in poster.snapshot(book, {*book.accounts, POLICY}).items():
        poster.load(restored, key, poster.dump(cut, value))
    assert state(book) == state(replayed) == state(restored)
    for made, position in events[cut:]:
        entries = [sorted(apply(each, made, position), key=lambda entry: entry.account) for each in (book, replayed, restored)]
        assert [entry.effects for entry in entries[0]] == [entry.effects for entry in entries[1]] == [entry.effects for entry in entries[2]]
    assert state(book) == state(replayed) == state(restored)


@given(HISTORY)
@HISTORIES
def test_a_book_without_charges_decides_as_if_there_were_none(history: list[Step]) -> None:
    """The tables of money in a book change nothing before something is charged."""
    plain, charging = a_book("FIRST"), a_book("SHORTER")
    quick = [step for step in history if "plan" not in step.sentence]
    for first, second in zip(play(plain, quick), play(charging, quick), strict=True):
        assert _without_version(first) == _without_version(second)


@given(HISTORY)
@HISTORIES
def test_late_fees_come_once_after_grace_and_interest_is_at_most_the_rate_on_all_that_was_owed(history: list[Step]) -> None:
    book = a_book("ALL")
    days: defaultdict[str, list[date]] = defaultdict(list)
    charged: list[fx.Charged] = []
    for step in play(book, slowly(history)):
        for entry in step.entries:
            for effect in entry.effects:
                days[entry.account].append(date.fromisoformat(RAIL.local_date(entry.at_ms)))
                if isinstance(effect, fx.Charged):
                    charged.append(effect)
                    if effect.name == "late-fee":
                        due = date.fromisoformat(book.accounts[entry.account].items[effect.parent_id].due_date)
                        assert days[entry.account][-1] > due + timedelta(days=10)
                        assert 1500 <= effect.amount_cents <= 4000
    for reference, account in book.accounts.items():
        lived = (max(days[reference]) - min(days[reference])).days + 1
        owed = sum(item.original_cents for item in account.items.values() if not item.component)
        interest = sum(item.original_cents for item in account.items.values() if item.component == "interest")
        rounding = len(account.items)
        assert interest <= Fraction(Decimal("0.20")) * owed * lived / 365 + rounding


def _without_version(step: Told) -> list[list[str]]:
    return [[repr(effect).replace("table@17", "table@1") for effect in entry.effects] for entry in step.entries]
