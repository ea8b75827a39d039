"""A rule that breaks, through the poster: nothing stops, one alert for rule and book, a count for every payment; also over a restart."""

import json
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from prometheus_client import generate_latest

from api.broken_rules import broken_rules
from api.metrics import Metrics
from journal import topics
from journal.settings import Settings
from ledger import effects as fx
from ledger import events
from ledger.account import Account
from ledger.book import Book
from ledger.ids import rule_alert_id
from ledger.record import GENESIS, VERSION, Entry, Record, encode
from streams.engine.machine import Bad, Output, Position
from streams.poster import POLICY, Poster
from tests.streams.messages import NOW_MS, cloud_event, initiated, message

NOW = datetime.fromtimestamp(NOW_MS / 1000, UTC)
TEXT = """
[book]
name = "faulty"
version = 1

[alerts]
high = ["team"]

[[rule]]
name = "divides"
when = "amount / (count_1h - count_1h) > 3"
outcome = "decline"

[[rule]]
name = "large"
when = "amount > 1000"
outcome = "review"
"""


@pytest.fixture
def poster() -> Poster:
    return Poster(Settings(partitions=1), bytes)


@pytest.fixture
def book(poster: Poster) -> Book:
    """A partition with the faulty book in force."""
    opened = poster.open(0)
    data = events.PolicyData(version="faulty@1", text=TEXT, activated_by="anna")
    activated = events.PolicyActivated(id="a", source="/test", time=NOW, specversion="1.0", data=data)
    assert not isinstance(poster.apply(opened, activated, Position(3, 0, NOW_MS), 0), Bad)
    return opened


def paid(poster: Poster, book: Book, number: int, amount: str = "50.00") -> list[Entry]:
    """A payment as it comes from Kafka."""
    raw = initiated(f"CR-{number}", f"T{number}", amount, "repayment")
    event = poster.decode(book, 0, message(raw, key=f"CR-{number}".encode(), offset=number))
    made = poster.apply(book, event, Position(0, number, NOW_MS), 0)
    assert not isinstance(made, Bad)
    return list(made)


def ticked(poster: Poster, book: Book, offset: int) -> list[Entry]:
    """A tick of the wall clock."""
    tick = poster.decode(book, 3, message(cloud_event("tick.v1", {}, f"tick-{offset}"), key=b"clock", topic=topics.CLOCK))
    made = poster.apply(book, tick, Position(3, offset, NOW_MS), 0)
    assert not isinstance(made, Bad)
    return list(made)


def alerts(poster: Poster, entries: list[Entry]) -> list[Output]:
    """What goes to the risk teams."""
    return [output for output in poster.outputs(0, topics.INPUTS, entries) if output.topic == topics.ALERTS]


def test_every_payment_is_decided_and_one_alert_goes_out(poster: Poster, book: Book) -> None:
    decided = [entry for number in range(5) for entry in paid(poster, book, number, "2000.00" if number == 4 else "50.00")]
    assert [entry.effects[1].status for entry in decided if isinstance(entry.effects[1], fx.Decided)] == ["held"] * 5
    assert alerts(poster, decided) == []
    (told,) = alerts(poster, ticked(poster, book, 1))
    said = json.loads(told.value)
    assert "subject" not in said
    wanted = {"alert": "rule_broken", "rule": "divides", "policy": "faulty@1", "severity": "high", "route": ["team"], "about": "T0"}
    assert {name: said["data"][name] for name in wanted} == wanted
    assert said["id"] == said["data"]["window"] == rule_alert_id("faulty@1", "divides")
    more = paid(poster, book, 5)
    assert alerts(poster, [*more, *ticked(poster, book, 2)]) == []


def test_each_payment_counts_under_rule_and_book(poster: Poster, book: Book) -> None:
    entries = tuple(entry for number in range(3) for entry in paid(poster, book, number))
    metrics = Metrics()
    for name, version in broken_rules(encode(a_record(entries))):
        metrics.rules_broken.labels(name, version).inc()
    assert b'hms_rules_broken_total{policy="faulty@1",rule="divides"} 3.0' in generate_latest(metrics.registry)
    assert list(broken_rules(encode(a_record(tuple(ticked(poster, book, 1)))))) == []


def test_a_rule_on_settlements_counts_where_it_is_told(poster: Poster, book: Book) -> None:
    alert = fx.AlertRaised("rule_broken", "low", "T0", "why", "divides", "faulty@1", "", window=rule_alert_id("faulty@1", "divides"))
    settled = replace(paid(poster, book, 0)[0], effects=(alert,))
    assert list(broken_rules(encode(a_record((settled,))))) == [("divides", "faulty@1")]


def test_what_was_not_told_before_a_restart_is_told_after_it(poster: Poster, book: Book) -> None:
    paid(poster, book, 0)
    kept = poster.snapshot(book, {"CR-0"})
    assert set(kept) == {"CR-0", POLICY}
    again = restarted(poster, kept)
    assert again.governance == book.governance
    assert len(alerts(poster, ticked(poster, again, 1))) == 1


def test_what_was_told_is_not_told_again_by_a_replay(poster: Poster, book: Book) -> None:
    start = poster.snapshot(book, {POLICY})
    entries = [*paid(poster, book, 0), *ticked(poster, book, 1)]
    again = restarted(poster, start)
    for entry in entries:
        poster.replay(again, entry)
    assert again.governance == book.governance
    assert alerts(poster, [*paid(poster, again, 2), *ticked(poster, again, 2)]) == []


def restarted(poster: Poster, kept: object) -> Book:
    """A partition that comes back from its checkpoints."""
    assert isinstance(kept, dict)
    book = poster.open(0)
    for key, value in kept.items():
        assert isinstance(value, (bytes, Account)) or key == POLICY
        poster.load(book, key, poster.dump(1, value))
    return book


def a_record(entries: tuple[Entry, ...]) -> Record[Entry]:
    """A journal record that holds them."""
    return Record(VERSION, 0, 0, GENESIS, NOW_MS, topics.INPUTS, (0, 0, 0, 0), 0, entries)
