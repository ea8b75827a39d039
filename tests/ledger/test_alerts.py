"""Alerts as the rule book says: routed, silent where snoozed, and raised by a rule that breaks, all through the book's own decision."""

from datetime import UTC, datetime, timedelta

import pytest

from ledger import effects as fx
from ledger.account import Account
from ledger.book import Book, Position
from ledger.events import PolicyActivated, PolicyData, Tick, TickData
from ledger.wire import epoch_ms
from rules.compile import CompiledBook, compile_or_reason
from tests.ledger.sentences import event
from tests.ledger.table import RAIL, apply

TEXT = """
[book]
name = "alerts"
version = 1

[alerts]
low = ["desk"]
medium = ["risk"]
high = ["team"]
critical = ["legal"]

[score]
alert = 10
severity = "critical"

[[rule]]
name = "large"
when = "amount > 1000"
outcome = "review"
severity = "high"

[[rule]]
name = "odd"
when = "amount == 777"
severity = "low"
route = ["desk-7"]
score = 10

[[rule]]
name = "broken"
when = "amount / (count_1h - count_1h) > 3 and direction == \\"disbursement\\""
outcome = "decline"
directions = ["disbursement"]

[[limit]]
hospital = "H2"
per_payment = 100
per_day = 150
payments_per_day = 3
outcome = "decline"
severity = "medium"

[[snooze]]
account = "CR-1"
rule = "large"
until = 2026-03-03T00:00:00Z
reason = "settlement of an estate"
"""

CASES = """
what                                 | at    | event                           | status   | alerts
a rule that fires, to its severity's | 03-04 | repayment T1 1000.01            | held     | large high team
snoozed: not held, nobody told       | 03-02 | repayment T1 1000.01            | approved |
awake again from that instant on     | 03-03 | repayment T1 1000.01            | held     | large high team
a rule's own route; and the score's  | 03-04 | repayment T1 777.00             | approved | odd low desk-7, score critical legal
a limit of the hospital              | 03-04 | repayment T1 100.01 hospital H2 | declined | limit-per-payment medium risk
within it                            | 03-04 | repayment T1 100.00 hospital H2 | approved |
another hospital has no limit        | 03-04 | repayment T1 100.01 hospital H1 | approved |
a broken rule holds, silently        | 03-04 | disbursement T1 50.00           | held     |
and takes no other with it           | 03-04 | disbursement T1 1000.01         | held     | large high team
"""


def a_book() -> Book:
    return Book(RAIL, compile_or_reason, TEXT)


def told(alert: fx.AlertRaised) -> str:
    name = alert.alert if alert.alert == alert.rule else f"{alert.alert}/{alert.rule}"
    return " ".join((name, alert.severity, *alert.route))


def put(book: Book, sentence: str, at: datetime, number: int = 0) -> tuple[fx.AnyEffect, ...]:
    (entry,) = apply(book, event(sentence, at, f"e{number}"), Position(0, number, epoch_ms(at)))
    return entry.effects


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:], ids=lambda case: case.split("|")[0].strip())
def test_alerts_of_the_table(case: str) -> None:
    _, at, sentence, status, alerts = (cell.strip() for cell in case.split("|"))
    book = a_book()
    effects = put(book, sentence, datetime.fromisoformat(f"2026-{at}T00:00:00+00:00"))
    assert book.accounts["CR-1"].payments["T1"].status == status
    assert ", ".join(told(effect) for effect in effects if isinstance(effect, fx.AlertRaised)) == alerts


def test_a_hospitals_daily_limits_count_the_accounts_payments_live() -> None:
    book, start = a_book(), datetime(2026, 3, 4, 10, tzinfo=UTC)
    payments = [("T1", "60.00"), ("T2", "60.00"), ("T3", "60.00"), ("T4", "20.00")]
    for number, (name, amount) in enumerate(payments):
        put(book, f"repayment {name} {amount} hospital H2", start + timedelta(minutes=number), number)
    put(book, "repayment T5 90.00 hospital H2", start + timedelta(days=2), 9)
    statuses = [payment.status for payment in book.accounts["CR-1"].payments.values()]
    assert statuses == ["approved", "approved", "declined", "declined", "approved"]


def test_a_window_across_accounts_is_told_once_with_its_payment() -> None:
    book, at = a_book(), datetime(2026, 3, 4, tzinfo=UTC)
    assert [type(effect) for effect in put(book, "exceeded W1 T1 50.00", at)] == [fx.Refused]
    put(book, "repayment T1 50.00", at)
    (alert,) = put(book, "exceeded W1 T1 50.00", at)
    assert isinstance(alert, fx.AlertRaised)
    assert (told(alert), alert.about, alert.window, alert.amount_cents) == ("hospital-burst high team", "T1", "W1", 5_000)
    (repeat,) = put(book, "exceeded W1 T1 50.00", at)
    assert isinstance(repeat, fx.Refused)
    (another,) = put(book, "exceeded W2 T1 50.00", at)
    assert isinstance(another, fx.AlertRaised)
    assert book.accounts["CR-1"].noticed == ("W1", "W2")


def test_a_broken_rule_is_counted_and_the_stream_goes_on() -> None:
    rules = compile_or_reason(TEXT)
    assert isinstance(rules, CompiledBook)
    book = Book(RAIL, lambda _: rules, TEXT)
    for number in range(3):
        put(book, f"disbursement T{number} 50.00", datetime(2026, 3, 4, tzinfo=UTC), number)
    assert rules.error_counts["broken"] == 3
    account: Account = book.accounts["CR-1"]
    assert [payment.status for payment in account.payments.values()] == ["held"] * 3


def test_a_broken_rule_is_told_by_the_next_tick_once_for_rule_and_book() -> None:
    book, at = a_book(), datetime(2026, 3, 4, tzinfo=UTC)
    assert clocked(book, at, 0) == []
    for number in range(3):
        put(book, f"disbursement T{number} 50.00", at, number)
    assert clocked(book, at, 1) == ["rule_broken/broken high team alerts@1 T0"]
    put(book, "disbursement T3 50.00", at, 3)
    assert clocked(book, at, 2) == []
    second = TEXT.replace("version = 1", "version = 2")
    book.govern(activated(second, at), Position(3, 3, epoch_ms(at)))
    put(book, "disbursement T4 50.00", at, 4)
    assert clocked(book, at, 4) == ["rule_broken/broken high team alerts@2 T4"]


def clocked(book: Book, at: datetime, offset: int) -> list[str]:
    """The alerts of a tick, each with book and payment."""
    tick = Tick(id=f"tick-{offset}", source="/test", time=at, specversion="1.0", data=TickData())
    entries = list(book.tick(tick, Position(3, offset, epoch_ms(at)), 0))
    alerts = [effect for entry in entries for effect in entry.effects if isinstance(effect, fx.AlertRaised)]
    return [f"{told(alert)} {alert.policy} {alert.about}" for alert in alerts]


def activated(text: str, at: datetime) -> PolicyActivated:
    data = PolicyData(version="alerts@2", text=text, activated_by="anna")
    return PolicyActivated(id="a", source="/test", time=at, specversion="1.0", data=data)
