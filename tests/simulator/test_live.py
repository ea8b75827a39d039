"""The simulation on a real broker. The test speaks for the ledger: it answers payments with public events, in a transaction."""

import time
from collections.abc import Callable

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from journal import topics
from journal.settings import Settings
from ledger import effects as fx
from ledger.record import Entry as JournalEntry
from simulator import hours, state
from simulator.feed import Feed
from simulator.live import Simulation, begin
from simulator.message import Message
from simulator.noise import QUIET
from simulator.pace import Pace
from simulator.sender import Sender
from simulator.state import State
from streams.public import outputs
from tests.simulator.reading import event_of, kind

pytestmark = pytest.mark.live
SECONDS_MAX = 60.0


@pytest.fixture(scope="module")
def settings(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a system on the broker, its topics made."""
    made = Settings(kafka_bootstrap=broker, partitions=2, data_dir=tmp_path_factory.mktemp("simulation"))
    topics.apply(made)
    return made


def read(settings: Settings, topic: str) -> list[Message]:
    """All messages of a topic, partition by partition."""
    consumer = Consumer(settings.kafka(group_id="test", isolation_level="read_committed", enable_partition_eof=True, fetch_wait_max_ms=20))
    found: list[Message] = []
    consumer.assign([TopicPartition(topic, partition, 0) for partition in range(settings.partitions)])
    ended = 0
    try:
        while ended < settings.partitions:
            message = consumer.poll(10)
            assert message is not None, "the broker answers"
            if message.error():
                ended += 1
                continue
            key, value, partition = message.key(), message.value(), message.partition()
            assert key is None or isinstance(key, bytes)
            assert isinstance(value, bytes)
            assert partition is not None
            found.append(Message(message.timestamp()[1], topic, key, value, partition))
    finally:
        consumer.close()
    return found


def publish(settings: Settings, account: str, effect: fx.AnyEffect, at_ms: int) -> None:
    """What the relay would publish of an effect, in a transaction of its own."""
    producer = Producer(settings.kafka(transactional_id="test-relay"))
    producer.init_transactions(30)
    producer.begin_transaction()
    for output in outputs(0, (topics.PAYMENTS,), [JournalEntry(0, 1, "e-1", "payment.initiated.v1", at_ms, account, (effect,), 0)]):
        producer.produce(output.topic, key=output.key, value=output.value)
    producer.commit_transaction(30)


def run(settings: Settings, position: State, done: Callable[[], bool], rate: float = 1.0) -> list[str]:
    """Run the simulation on its state until `done`; what it told people."""
    told: list[str] = []
    feed = Feed(settings, position.offsets)
    deadline = time.monotonic() + SECONDS_MAX
    try:
        Simulation(position, settings, Sender(settings, "zstd"), feed, Pace(0.0, 0.2), rate, QUIET, told.append).run(
            lambda: time.monotonic() > deadline or done()
        )
    finally:
        feed.close()
    assert time.monotonic() < deadline, told
    return told


@pytest.fixture(scope="module")
def history(settings: Settings) -> tuple[State, list[str]]:
    """A history of twelve days and eight accounts, told to a ledger that says nothing."""
    now_ms = time.time_ns() // 1_000_000
    first = begin(5, 8, 1, now_ms - 12 * hours.DAY_MS, now_ms)
    told = run(settings, first, lambda: time.time_ns() // 1_000_000 - first.position_ms < 2_000)
    return first, told


def test_the_history_reaches_now_and_the_clock_told_every_hour_of_it_in_order(settings: Settings, history: tuple[State, list[str]]) -> None:
    position, told = history
    assert any("unanswered" in sentence for sentence in told), "a silent ledger holds it up for a while only"
    payments = read(settings, topics.PAYMENTS)
    assert {kind(message) for message in payments} >= {"consent.changed", "mandate.granted", "payment.initiated"}
    ticks = [kind(message) for message in read(settings, topics.CLOCK)]
    assert len(ticks) >= 2 * 12 * 24 - 4
    assert not read(settings, topics.SETTLEMENTS) or all(
        kind(message) in {"deposit.received", "remittance.advised"} for message in read(settings, topics.SETTLEMENTS)
    ), "the bank says nothing of payments that the ledger did not give it"
    saved = state.load(settings.data_dir)
    assert saved is not None
    assert saved.position_ms == position.position_ms


def test_the_bank_answers_what_the_ledger_gives_it_and_a_person_what_is_held(settings: Settings, history: tuple[State, list[str]]) -> None:
    at_ms = time.time_ns() // 1_000_000 - hours.HOUR_MS - 4 * hours.DAY_MS
    publish(settings, "CR-1", fx.EntryDue("t-entry", 1, "debit", 31_250, "WEB", "PATIENTPAY", "H01"), at_ms)
    publish(settings, "CR-1", fx.EntryDue("t-gone", 1, "debit", 100, "WEB", "PATIENTPAY", "H01"), time.time_ns() // 1_000_000)
    publish(settings, "CR-1", fx.Moved("t-gone", "canceled"), at_ms)
    publish(settings, "CR-1", fx.Decided("t-held", "held", "default@1"), at_ms)
    position = state.load(settings.data_dir)
    assert position is not None

    def said(topic: str) -> dict[str, str]:
        return {kind(message): event_of(message).data.transaction_id for message in read(settings, topic) if b'"t-' in message.value}  # type: ignore[union-attr]

    run(settings, position, lambda: len(said(topics.SETTLEMENTS)) >= 2 and len(said(topics.OPERATIONS)) == 1)
    words = said(topics.SETTLEMENTS)
    assert set(words.values()) == {"t-entry"}
    assert "payment.submitted" in words
    assert said(topics.OPERATIONS) == {"payment.reviewed": "t-held"}


def test_a_restart_goes_on_and_says_nothing_twice(settings: Settings, history: tuple[State, list[str]]) -> None:
    position = state.load(settings.data_dir)
    assert position is not None
    began_ms, visits = position.position_ms, position.visits
    before = [message.value for message in read(settings, topics.PAYMENTS)]
    run(settings, position, lambda: position.visits > visits + 1, rate=20.0)
    after = [message.value for message in read(settings, topics.PAYMENTS)]
    assert set(before) <= set(after)
    assert len(after) == len(set(after)), "nothing was said twice"
    assert position.position_ms > began_ms
