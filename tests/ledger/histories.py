"""Random histories of two accounts, and what a book and a naive second ledger make of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger import events
from ledger.book import Book, Position
from ledger.record import Entry
from ledger.wire import epoch_ms
from tests.ledger.naive import Naive
from tests.ledger.sentences import event
from tests.ledger.table import apply

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HISTORIES = settings(max_examples=40, deadline=None)
ACCOUNTS = ("CR-1", "CR-2")

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
                    "deposit D3 130.00 on TODAY ref TRN:1:E1:INSURER",
                    "advice A1 130.00 on TODAY trace E1 INV-B1=30.00 B3=100.00",
                    "advice A2 130.00 on TODAY trace E1 B1=30.00 B2=100.00",
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
