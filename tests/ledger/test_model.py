"""Random histories against a naive second ledger: whatever comes in whatever order, no cent appears, vanishes or counts twice."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
from hypothesis import given, settings
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
from tests.ledger.naive import Naive
from tests.ledger.sentences import event
from tests.ledger.table import apply, new_book

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HISTORIES = settings(max_examples=40, deadline=None)
ACCOUNTS = ("CR-1", "CR-2")
_IN = frozenset({Status.SETTLED.value, Status.COMPLETED.value})

CODES = st.sampled_from(["R01", "R01", "R02", "R07", "r09", "X99", "R08", "R11"])
DISHONORS = st.sampled_from(["R68", "R68", "R67", "R69", "R01"])
CONTESTS = st.sampled_from(["R73", "R75", "R76"])
AMOUNTS = st.sampled_from(["100.00", "250.00", "130.00", "6000.00"])
MINUTES = st.sampled_from([0, 0, 1, 60, 1440, 3 * 1440, 6 * 1440])
REPEATS = st.sampled_from([0, 0, 0, 0, 1, 3, 9])


class Step(NamedTuple):
    """An event of one of the accounts, or a tick of the clock that both share."""

    sentence: str
    account: str
    minutes: int
    """passed since the step before"""
    repeat: int
    """0, or how many events back the event stands that is sent instead, byte for byte"""


@st.composite
def lives(draw: st.DrawFn) -> list[str]:
    """What becomes of one payment, in good order; some of it may be left out, and once in a while an amount is wrong."""
    name, amount, code = draw(st.sampled_from(["T1", "T2", "T3"])), draw(AMOUNTS), draw(CODES)
    how = draw(st.sampled_from(["repayment", "repayment", "repayment", "disbursement", "preapproval"]))
    told = draw(st.sampled_from([amount, amount, amount, amount, "99.00"]))
    entry = [
        f"submitted {name} on TODAY",
        f"settled {name} {told} on TODAY{draw(st.sampled_from(['', '', ' ref INV-B1']))}",
        f"returned {name} {code} {amount} on TODAY",
        *draw(st.sampled_from([[], [], [f"change {name} C01 on TODAY fields account"], [f"returned {name} R03 {amount} on TODAY"]])),
        "tick",
        "tick",
    ]
    dispute = [
        f"dishonored {name} {draw(DISHONORS)} {told} on TODAY",
        f"contested {name} {draw(CONTESTS)} {amount} on TODAY",
    ]
    life = [
        f"{how} {name} {amount}{draw(st.sampled_from(['', ' for B1', ' for B2']))}",
        *draw(st.sampled_from([[], [], [f"review {name} approve"], [f"review {name} decline"]])),
        *entry,
        *draw(st.sampled_from([[], [], dispute[:1], dispute])),
        *draw(st.sampled_from([[], entry, [*entry, *entry], [*entry, *dispute]])),
        *draw(st.sampled_from([[], [], [f"failed {name}"], [f"cancel {name}"]])),
    ]
    return [sentence for sentence in life if draw(st.integers(0, 9)) > 0]


@st.composite
def agreements(draw: st.DrawFn) -> list[str]:
    """Balances, deposits, consents and mandates."""
    return draw(
        st.lists(
            st.sampled_from(
                [
                    "balance B1 100.00 due 2026-04-01 ref INV-B1",
                    "balance B1 101.00 due 2026-04-01 ref INV-B1",
                    "balance B2 250.00 due 2026-05-01",
                    "plan PL1 B3=100.00@2026-06-01 B4=100.00@2026-05-01",
                    "deposit D1 100.00 on TODAY for B2",
                    "deposit D2 6000.00 on TODAY",
                    "mandate M1",
                    "mandate M2 reauthorizes T1",
                    "repayment T4 100.00 corrects T1",
                    "revoke M1",
                    "consent sms yes",
                    "consent payments no",
                    "consent payments yes",
                    "tick",
                ]
            ),
            min_size=2,
            max_size=8,
        )
    )


@st.composite
def work(draw: st.DrawFn) -> list[str]:
    """What people do, whether or not it can be done as things stand."""
    return draw(st.lists(st.sampled_from(WORK), min_size=0, max_size=8))


WORK = (
    "assign T1/PAYMENT_RETURNED cara by anna",
    "note T1/OVERPAID asked by anna",
    "snooze D1/AMBIGUOUS 03-09 10:00 by anna",
    "resolve T1/PAYMENT_RETURNED no_action by anna",
    "resolve T1/OVERPAID no_action by anna",
    "propose A1 write_off B1 40.00 by anna",
    "propose A2 refund T1 30.00 by anna",
    "propose A2 refund D2 150.00 by anna",
    "propose A3 reinstate B1 15.00 by anna",
    "accept A1 by bert",
    "accept A2 by bert",
    "accept A2 by anna",
    "accept A3 by bert",
    "reject A3 by anna",
    "confirm D1 B2 B1 by anna",
    "confirm D2 B2 B3 by anna",
    "confirm T1 B2 by anna",
    "unmatch T1 by bert",
    "unmatch T1 B1 by bert",
    "unmatch D1 by bert",
)


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Several lives of both accounts at once; now and then something comes too early, or once more."""
    threads = [
        (draw(st.sampled_from(ACCOUNTS)), draw(agreements())),
        (draw(st.sampled_from(ACCOUNTS)), draw(work())),
        *((draw(st.sampled_from(ACCOUNTS)), draw(lives())) for _ in range(3)),
    ]
    history: list[Step] = []
    while left := [(name, thread) for name, thread in threads if thread]:
        name, thread = draw(st.sampled_from(left))
        place = 1 if len(thread) > 1 and draw(st.integers(0, 11)) == 0 else 0
        history.append(Step(thread.pop(place), name, draw(MINUTES), draw(REPEATS)))
    return history


HISTORY = histories()


class Told(NamedTuple):
    """An event, where it stands, and its entries."""

    event: events.Event
    position: Position
    entries: tuple[Entry, ...]


def told(history: Sequence[Step]) -> list[tuple[events.Event, Position]]:
    """The events of a history."""
    found: list[tuple[events.Event, Position]] = []
    now = START
    for number, step in enumerate(history):
        now += timedelta(minutes=step.minutes)
        position = Position(0, number, epoch_ms(now))
        if step.repeat and step.repeat <= len(found):
            found.append((found[-step.repeat][0], position))
            continue
        made = event(step.sentence.replace("TODAY", now.date().isoformat()), now, f"e{number}")
        if not isinstance(made, events.Tick | events.GovernanceEvent):
            made = replace(made, data=replace(made.data, credit_reference=step.account))
        found.append((made, position))
    return found


def play(book: Book, history: Sequence[Step]) -> list[Told]:
    """Put a history through a book."""
    return [Told(made, position, tuple(apply(book, made, position))) for made, position in told(history)]


def state(book: Book) -> dict[str, bytes]:
    """Every account as it would stand in a checkpoint."""
    return {name: msgspec.json.encode(account) for name, account in book.accounts.items()}


def naive(history: Sequence[Told]) -> dict[str, Naive]:
    """The second ledger of each account."""
    found: dict[str, Naive] = {}
    for step in history:
        for entry in step.entries:
            found.setdefault(entry.account, Naive()).take(entry.effects)
    return found


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
