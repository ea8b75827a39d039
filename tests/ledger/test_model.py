"""Random histories against a naive second ledger: whatever comes in whatever order, no cent appears, vanishes or counts twice."""

from collections import Counter
from datetime import datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from journal.settings import Settings
from ledger import effects as fx
from ledger import events
from ledger.account import Account, Deposit, Payment, Status
from ledger.book import Book, Position
from ledger.record import Entry
from ledger.wire import epoch_ms
from streams.poster import POLICY, Poster
from tests.ledger.histories import ACCOUNTS, AMOUNTS, CODES, HISTORIES, HISTORY, START, Step, naive, play, state, told
from tests.ledger.sentences import event
from tests.ledger.table import apply, new_book

_IN = frozenset({Status.SETTLED.value, Status.COMPLETED.value})


@given(HISTORY)
@HISTORIES
def test_every_account_is_what_a_naive_ledger_sums_up(history: list[Step]) -> None:
    book = new_book()
    for name, second in naive(play(book, history)).items():
        account = book.accounts.get(name) or Account(name)
        assert {item.balance_id: item.open_cents for item in account.items.values()} == second.open()
        assert {payment.transaction_id: payment.status for payment in account.payments.values()} == second.statuses()
        assert account.suspense_cents == second.suspended().total() >= 0
        for item in account.items.values():
            assert 0 <= item.open_cents <= item.original_cents == second.original()[item.balance_id]


@given(HISTORY)
@HISTORIES
def test_debits_equal_credits_and_each_account_of_the_general_ledger_has_its_cause(history: list[Step]) -> None:
    book = new_book()
    for name, second in naive(play(book, history)).items():
        account, sums = book.accounts.get(name) or Account(name), second.general_ledger()
        payments = account.payments.values()
        assert sum(sums.values()) == 0
        assert sums["patient_receivable"] == account.open_cents()
        assert sums["suspense"] == -account.suspense_cents
        assert sums["holds"] == sum(payment.held_cents for payment in payments)
        assert sums["ach_in_transit"] == -sum(payment.in_transit_cents for payment in payments)
        assert sums["returned_items"] == 0
        assert sums["write_offs"] == second.adjusted() + second.refunded("refunded before the return").total()
        for payment in payments:
            credit = payment.direction != "repayment"
            live = payment.status in {Status.APPROVED, Status.SUBMITTED} and credit
            assert payment.held_cents + payment.in_transit_cents == (payment.amount_cents if live else 0)


@given(HISTORY)
@HISTORIES
def test_cents_in_are_cents_allocated_and_cents_in_suspense(history: list[Step]) -> None:
    """For each payment and deposit, and in total for the bank's cash (I2)."""
    book = new_book()
    for name, second in naive(play(book, history)).items():
        account = book.accounts.get(name) or Account(name)
        paid: Counter[str] = Counter()
        for (source, _), cents in second.paid().items():
            paid[source] += cents
        suspended, cash = second.suspended(), 0
        refunded, lost = second.refunded(), second.refunded("refunded before the return")
        for payment in account.payments.values():
            moved = payment.amount_cents if payment.status in _IN else 0
            if payment.direction == "repayment":
                given_back = refunded[payment.transaction_id] - lost[payment.transaction_id]
                assert paid[payment.transaction_id] + payment.suspended_cents + given_back == moved
                cash += moved
            else:
                assert paid[payment.transaction_id] == 0
                cash -= moved
        for deposit in account.deposits.values():
            assert paid[deposit.deposit_id] + suspended[deposit.deposit_id] + refunded[deposit.deposit_id] == deposit.amount_cents
            cash += deposit.amount_cents
        known: list[Payment | Deposit] = [*account.payments.values(), *account.deposits.values()]
        unknown = suspended.total() - sum(source.suspended_cents for source in known)
        assert second.general_ledger()["cash"] == cash + unknown - refunded.total()


@given(HISTORY)
@HISTORIES
def test_a_match_of_a_person_that_is_revoked_leaves_the_balances_as_they_were(history: list[Step]) -> None:
    book = new_book()
    play(book, history)
    now = START + timedelta(minutes=sum(step.minutes for step in history))
    for name, before in list(book.accounts.items()):
        lies = [source for source in before.payments if before.payments[source].suspended_cents]
        lies += [source for source in before.deposits if before.deposits[source].suspended_cents]
        paid = {source: _allocated(before, source) for source in lies}
        for number, source in enumerate(lies):
            for balance in [item.balance_id for item in before.open_items()]:
                said = f"{number}-{source}-{balance}"
                entries = [
                    *_tell(book, f"confirm {source} {balance} by anna key c{said}", name, now),
                    *_tell(book, f"unmatch {source} {balance} by bert key r{said}", name, now),
                ]
                after = book.accounts[name]
                if any(part[0] == balance for part in paid[source]):
                    break  # what it paid before is taken back too
                assert all(type(entry.effects[0]) is fx.Acted for entry in entries)
                assert (after.items, after.suspense_cents) == (before.items, before.suspense_cents)
                assert _allocated(after, source) == paid[source]


def _tell(book: Book, sentence: str, account: str, now: datetime) -> list[Entry]:
    made = event(sentence, now, sentence)
    assert not isinstance(made, events.Tick | events.GovernanceEvent)
    return list(apply(book, replace(made, data=replace(made.data, credit_reference=account)), Position(0, 999, epoch_ms(now))))


def _allocated(account: Account, source: str) -> tuple[tuple[str, int], ...]:
    return (account.payments.get(source) or account.deposits[source]).allocated


@given(HISTORY)
@HISTORIES
def test_the_same_event_at_once_again_changes_nothing(history: list[Step]) -> None:
    book = new_book()
    for made, position in told(history):
        list(apply(book, made, position))
        before = state(book)
        again = list(apply(book, made, position))
        assert state(book) == before
        assert all(type(effect) is fx.Refused or type(effect) is fx.AlertRaised for entry in again for effect in entry.effects)


@given(HISTORY)
@HISTORIES
def test_a_repeat_however_late_of_money_that_was_posted_posts_none(history: list[Step]) -> None:
    book = new_book()
    posted: dict[str, bool] = {}
    for step in play(book, history):
        kind = type(step.event)
        if kind is events.Tick:
            continue
        effects = step.entries[0].effects
        if posted.get(step.event.id):
            assert type(effects[0]) is fx.Refused
            assert not any(isinstance(effect, fx.Posted | fx.Matched | fx.Suspended) for effect in effects)
        waits = kind in {
            events.PaymentSettled,
            events.PaymentReturned,
            events.DepositReceived,
            events.RemittanceAdvised,
            events.BalanceOpened,
            events.PaymentInitiated,
            events.ReturnDishonored,
            events.ReturnContested,
        }
        posted[step.event.id] = posted.get(step.event.id, False) or (waits and type(effects[0]) is not fx.Refused)


@given(HISTORY, st.integers(0, 60))
@HISTORIES
def test_a_replay_of_any_prefix_goes_on_as_if_nothing_had_happened(history: list[Step], cut: int) -> None:
    book, replayed = new_book(), new_book()
    for made, position in told(history)[:cut]:
        for entry in apply(book, made, position):
            replayed.replay(msgspec.json.decode(msgspec.json.encode(entry), type=Entry))
    assert state(replayed) == state(book)
    for made, position in told(history)[cut:]:
        live, second = list(apply(book, made, position)), list(apply(replayed, made, position))
        assert sorted(live, key=_by_account) == sorted(second, key=_by_account)
    assert state(replayed) == state(book)


@given(HISTORY, st.integers(0, 60))
@HISTORIES
def test_a_checkpoint_holds_all_that_the_future_depends_on(history: list[Step], cut: int) -> None:
    poster = Poster(Settings())
    book, restored = new_book(), new_book()
    for made, position in told(history)[:cut]:
        list(apply(book, made, position))
    for key, value in poster.snapshot(book, {*book.accounts, POLICY}).items():
        assert poster.load(restored, key, poster.dump(cut, value)) == cut
    assert state(restored) == state(book)
    for made, position in told(history)[cut:]:
        live, second = list(apply(book, made, position)), list(apply(restored, made, position))
        assert sorted(live, key=_by_account) == sorted(second, key=_by_account)


@given(HISTORY)
@HISTORIES
def test_accounts_do_not_know_of_each_other(history: list[Step]) -> None:
    book = new_book()
    play(book, history)
    for name in ACCOUNTS:
        alone = new_book()
        for made, position in told(history):
            if isinstance(made, events.Tick | events.GovernanceEvent) or made.data.credit_reference == name:
                list(apply(alone, made, position))
        assert state(alone).get(name) == state(book).get(name)


@given(AMOUNTS, AMOUNTS, AMOUNTS, CODES)
@HISTORIES
def test_a_return_restores_every_balance_that_the_payment_had_paid(first: str, second: str, paid: str, code: str) -> None:
    book = new_book()
    sentences = (
        f"balance B1 {first} due 2026-04-01",
        f"balance B2 {second} due 2026-05-01",
        f"repayment T1 {paid}",
        "review T1 approve",
        f"settled T1 {paid} on 2026-03-02",
    )
    for number, sentence in enumerate(sentences):
        if number == 2:
            before = book.accounts["CR-1"]
        list(apply(book, event(sentence, START, f"e{number}"), Position(0, number, epoch_ms(START))))
    list(apply(book, event(f"returned T1 {code} {paid} on 2026-03-04", START, "r"), Position(0, 9, epoch_ms(START))))
    after = book.accounts["CR-1"]
    assert after.items == before.items
    assert after.suspense_cents == 0
    assert not after.payments["T1"].allocated


def _by_account(entry: Entry) -> str:
    return entry.account
