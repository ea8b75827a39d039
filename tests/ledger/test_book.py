"""The book: deadlines that cannot be decided, deadlines by the hundred, and ticks that go on where a crash left them."""

from datetime import timedelta

from msgspec.structs import replace

from ledger import effects as fx
from ledger import events
from ledger.account import ParkedEvent
from ledger.book import Book, Position
from ledger.decide.due import DUE_MAX, PUT_OFF_MS
from ledger.decide.park import PARKED_MAX
from ledger.record import Entry, encode
from ledger.standing import CHANGE, CONTEST, MONEY, Duty
from ledger.wire import encode_event, epoch_ms
from rules.compile import compile_or_reason
from tests.ledger import told
from tests.ledger.books import TABLE_BOOK
from tests.ledger.sentences import event
from tests.ledger.table import RAIL, apply, new_book
from tests.ledger.words import instant

START = instant("03-02 10:00")


def put(book: Book, sentence: str, minutes: int = 0, account: str = "CR-1") -> list[Entry]:
    """Have the book decide what a sentence tells, so many minutes after the start."""
    when = START + timedelta(minutes=minutes)
    made = event(sentence, when, f"{sentence} {minutes}")
    if not isinstance(made, events.Tick):
        made = replace(made, data=replace(made.data, credit_reference=account))
    return list(apply(book, made, Position(3, minutes, epoch_ms(when))))


def lines(entries: list[Entry]) -> list[str]:
    return [f"{entry.account}: {line}" for entry in entries for line in told.effects(entry.effects)]


def test_an_account_whose_deadlines_cannot_be_decided_keeps_no_other_waiting() -> None:
    """Here by an event that an earlier program parked and that today's contract no longer reads."""
    reported: list[tuple[str, str]] = []
    book = Book(RAIL, compile_or_reason, TABLE_BOOK, report=lambda account, error: reported.append((account, type(error).__name__)))
    for account in ("CR-0", "CR-1", "CR-2"):
        put(book, "preapproval T1 100.00", account=account)
    broken = ParkedEvent("T9", '{"type":"payment.returned.v0"}', epoch_ms(START) + 1, 0)
    before = replace(book.accounts["CR-1"], parked=(broken,))
    book.restore(encode(before))

    first = put(book, "tick", 7 * 1440)

    assert lines(first) == [
        "CR-0: T1 canceled hold_expired (not sent within 7 days)",
        "CR-0: Dr payable Cr holds 100.00",
        "CR-0: webhook canceled 0.00, open 0.00, HOLD_EXPIRED",
        "CR-1: T1 approved (deadline put off)",
        "CR-1: unparked T9 put_off",
        "CR-1: parked T9 until 03-09 11:00",
        "CR-1: exception CR-1/DEADLINE_UNDECIDED high 0.00",
        "CR-1: alert deadline_undecided critical",
        "CR-2: T1 canceled hold_expired (not sent within 7 days)",
        "CR-2: Dr payable Cr holds 100.00",
        "CR-2: webhook canceled 0.00, open 0.00, HOLD_EXPIRED",
    ]
    assert reported == [("CR-1", "ValidationError")]
    assert [entry.ordinal for entry in first] == [0, 3, 8]

    replayed = new_book()
    replayed.restore(encode(before))
    for entry in first:
        if entry.account == "CR-1":
            replayed.replay(entry)
    assert replayed.accounts["CR-1"] == book.accounts["CR-1"]

    assert put(book, "tick", 7 * 1440 + 59) == []
    again = put(book, "tick", 7 * 1440 + 60)
    assert lines(again)[0] == "CR-1: T1 approved (deadline put off)"
    assert not any(isinstance(effect, fx.AlertRaised | fx.ExceptionOpened) for entry in again for effect in entry.effects)

    readable = encode_event(event("returned T9 R01 50.00 on 03-02", START, "e"))  # type: ignore[arg-type]
    book.restore(encode(replace(book.accounts["CR-1"], parked=(replace(broken, event=readable),))))
    mended = lines(put(book, "tick", 7 * 1440 + 60 + PUT_OFF_MS // 60_000))
    assert mended[0] == "CR-1: T1 canceled hold_expired (not sent within 7 days)"
    assert mended[-1] == "CR-1: closed CR-1/DEADLINE_UNDECIDED decided"


def test_a_duty_that_is_put_off_keeps_amount_and_hospital() -> None:
    book = new_book()
    put(book, "repayment T1 100.00")
    put(book, "advice A1 60.00 on 03-04 trace E1 B1=60.00", 1)
    due_ms = epoch_ms(START) + 2
    account = book.accounts["CR-1"]
    known = tuple(
        Duty(kind, name, "", "2026-03-02", "2026-03-03", due_ms) for kind, name in ((CHANGE, "T1"), (MONEY, "A1"), (CONTEST, "T9"))
    )
    broken = ParkedEvent("T9", '{"type":"payment.returned.v0"}', due_ms, 0)
    book.restore(encode(replace(account, duties=known, parked=(broken,))))
    put_off = [effect for entry in put(book, "tick", 60) for effect in entry.effects if isinstance(effect, fx.DutyOpened)]
    assert [(effect.duty, effect.amount_cents, effect.hospital_id) for effect in put_off] == [
        (CHANGE, 10_000, "H1"),
        (MONEY, 6_000, "H1"),
        (CONTEST, 0, ""),
    ]


def test_hundreds_of_deadlines_of_one_account_are_spread_over_entries() -> None:
    book = new_book()
    count = DUE_MAX * 2 + 1
    for number in range(count):
        put(book, f"disbursement T{number} 1.00")
    entries = put(book, "tick", 30 * 1440)
    moved = [[effect for effect in entry.effects if isinstance(effect, fx.Moved)] for entry in entries]
    assert [len(part) for part in moved] == [DUE_MAX, DUE_MAX, 1]
    assert [entry.ordinal for entry in entries] == [0, len(entries[0].effects), len(entries[0].effects) + len(entries[1].effects)]
    assert put(book, "tick", 30 * 1440 + 1) == []


def test_a_tick_goes_on_where_the_journal_left_it() -> None:
    """Half of its entries are in the journal; the rest is decided by whoever takes over, with ids that go on."""
    book, taken_over = new_book(), new_book()
    for number in range(6):
        for entry in put(book, "preapproval T1 100.00", account=f"CR-{number}"):
            taken_over.replay(entry)
    whole = put(book, "tick", 8 * 1440)
    done = 0
    for entry in whole[:3]:
        taken_over.replay(entry)
        done += len(entry.effects)
    when = START + timedelta(days=8)
    tick = event("tick", when, f"tick {8 * 1440}")
    assert isinstance(tick, events.Tick)
    rest = list(taken_over.tick(tick, Position(3, 8 * 1440, epoch_ms(when)), done))
    assert rest == whole[3:]


def test_a_bank_that_tells_of_unknown_payments_without_end_is_an_exception() -> None:
    book = new_book()
    for number in range(PARKED_MAX):
        put(book, f"settled T{number} 1.00 on 03-02")
    assert lines(put(book, "settled T100 1.00 on 03-02")) == [
        "CR-1: refused UNKNOWN_TRANSACTION",
        "CR-1: exception CR-1/TOO_MANY_PARKED high 1.00",
    ]
    assert lines(put(book, "settled T101 1.00 on 03-02")) == ["CR-1: refused UNKNOWN_TRANSACTION"]
    assert book.accounts["CR-1"].suspense_cents == 0
    put(book, "tick", 1440)
    assert book.accounts["CR-1"].suspense_cents == PARKED_MAX * 100
