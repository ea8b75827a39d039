"""What the poster reads from a message: an event of this topic, this key and this partition, or the code of its dead letter.
Faults, rows 25 and 26.
"""

import json
from datetime import UTC, datetime

import pytest
from confluent_kafka import Message
from msgspec.structs import replace

from journal import topics
from journal.partitioner import partition_of
from journal.settings import Settings
from ledger import events
from ledger.book import Book
from ledger.record import encode
from streams.engine.machine import Bad, Position
from streams.poster import Poster
from tests.streams.messages import NOW_MS, cloud_event, initiated, message

PARTITIONS = 4
HOME = partition_of(b"CR-1", PARTITIONS)


@pytest.fixture
def poster() -> Poster:
    return Poster(Settings(partitions=PARTITIONS))


def read(poster: Poster, found: Message, partition: int = HOME) -> object:
    return poster.decode(poster.open(partition), topics.INPUTS.index(str(found.topic())), found)


def test_an_event_is_read(poster: Poster) -> None:
    assert isinstance(read(poster, message(initiated())), events.PaymentInitiated)


def test_binary_mode_is_read_by_its_headers(poster: Poster) -> None:
    whole = json.loads(initiated())
    data = json.dumps(whole.pop("data")).encode()
    headers: list[tuple[str, bytes | None]] = [(f"ce_{name}", value.encode()) for name, value in whole.items()]
    assert read(poster, message(data, headers=headers)) == read(poster, message(initiated()))


SETTLED = cloud_event(
    "payment.settled.v1", {"credit_reference": "CR-1", "transaction_id": "T1", "amount": "1.00", "settlement_date": "2026-03-02"}
)
TICK = cloud_event("tick.v1", {})


@pytest.mark.parametrize(
    ("found", "partition", "code"),
    [
        (message(initiated(), key=None), HOME, "MISSING_KEY"),
        (message(initiated(), key=b""), HOME, "MISSING_KEY"),
        (message(initiated(), key=b"CR-2"), HOME, "WRONG_KEY"),
        (message(initiated(), key=b"\xff"), HOME, "WRONG_KEY"),
        (message(initiated()), (HOME + 1) % PARTITIONS, "WRONG_PARTITION"),
        (message(SETTLED), HOME, "WRONG_TOPIC"),
        (message(initiated(), topic=topics.SETTLEMENTS), HOME, "WRONG_TOPIC"),
        (message(initiated(), topic=topics.OPERATIONS), HOME, "WRONG_TOPIC"),
        (message(TICK), HOME, "UNKNOWN_TYPE"),
        (message(initiated(), topic=topics.CLOCK), HOME, "UNKNOWN_TYPE"),
        (message(b"\x00\x00\x00\x00\x07avro", topic=topics.CLOCK), HOME, "MALFORMED_JSON"),
        (message(initiated().replace(b'"P1"', b'"jane@example.org"')), HOME, "PERSONAL_DATA"),
        (message(None), HOME, "EMPTY"),
        (message(b"{"), HOME, "MALFORMED_JSON"),
    ],
)
def test_what_does_not_belong_here_is_a_dead_letter(poster: Poster, found: Message, partition: int, code: str) -> None:
    bad = read(poster, found, partition)
    assert isinstance(bad, Bad)
    assert bad.code == code
    assert "CR-1" not in bad.detail


def test_ticks_need_no_key_of_an_account(poster: Poster) -> None:
    assert isinstance(read(poster, message(TICK, key=b"clock", topic=topics.CLOCK)), events.Tick)


def test_our_own_ticks_are_read_and_are_the_same_for_the_same_instant(poster: Poster) -> None:
    topic, key, value = poster.tick(NOW_MS + 7)
    tick = read(poster, message(value, key=key, topic=topic))
    assert isinstance(tick, events.Tick)
    assert tick.time == datetime(2026, 3, 2, 10, 0, 0, 7_000, tzinfo=UTC)
    assert poster.tick(NOW_MS + 7) == (topic, key, value)
    assert poster.tick(NOW_MS + 8)[2] != value


def test_an_event_that_breaks_the_decision_changes_nothing(poster: Poster, caplog: pytest.LogCaptureFixture) -> None:
    book: Book = poster.open(HOME)
    event = read(poster, message(initiated()))
    poster.apply(book, event, Position(0, 0, NOW_MS), 0)
    account = book.accounts["CR-1"]
    # a state that no history leads to: the payment paid a balance that nobody knows
    paid = replace(account.payments["T1"], direction="repayment", status="settled", allocated=(("B9", 10_000),))
    book.restore(encode(account.with_payment(paid)))
    before = book.accounts["CR-1"]
    data = {"credit_reference": "CR-1", "transaction_id": "T1", "amount": "100.00", "return_code": "R01", "return_date": "2026-03-04"}
    returned = message(cloud_event("payment.returned.v1", data), topic=topics.SETTLEMENTS)
    made = poster.apply(book, read(poster, returned), Position(1, 1, NOW_MS), 0)
    assert made == Bad("HANDLER_ERROR", "the decision failed with KeyError")
    assert book.accounts["CR-1"] == before
    assert "cannot be decided" in caplog.text
    assert "B9" not in caplog.text
    entry = poster.dead(Position(0, 1, NOW_MS), Bad("HANDLER_ERROR", "x"))
    assert (entry.account, poster.effects(entry)) == ("", 1)
