"""What a worker is sent: every codec, poison, bombs, odd headers, aborted transactions. It answers each, and goes on."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from confluent_kafka import KafkaException, Message, Producer

from journal import topics
from journal.letter_box import opener
from journal.partitioner import partition_of
from ledger import effects as fx
from streams.engine.letters import KEPT_BYTES, headers_of
from tests.live.asking import accounts_of, answer, ask, now_text
from tests.live.worker_world import PARTITIONS, World, world
from tests.streams.messages import cloud_event

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def live() -> Iterator[World]:
    with world() as made:
        made.start()
        yield made


@pytest.mark.parametrize("codec", ["none", "gzip", "snappy", "lz4", "zstd"])
def test_every_codec_is_read(live: World, codec: str) -> None:
    sent = live.send_all([ask(account, f"T-{account}") for account in accounts_of(codec, 5)], codec=codec)
    found = live.until_journalled(sent)
    assert all(isinstance(answer(found, position), fx.PaymentInitiated) for position in sent)


def test_hostile_messages_are_dead_letters_with_a_reason_and_the_stream_goes_on(live: World) -> None:
    _, key, good, _ = ask("CR-good", "T-good")
    home = partition_of(b"CR-good", PARTITIONS)
    tick = cloud_event("tick.v1", {}, "t", now_text())
    settled = cloud_event("payment.settled.v1", {"credit_reference": "CR-good", "transaction_id": "T", "amount": "NaN"}, "s")
    hostile: list[tuple[str, str, bytes | None, bytes | None, int]] = [
        ("MALFORMED_JSON", topics.PAYMENTS, b"\x00\xff\xfe poison", key, home),
        ("MALFORMED_JSON", topics.PAYMENTS, b'{"a":' * 50_000, key, home),
        ("EMPTY", topics.PAYMENTS, None, key, home),
        ("EMPTY", topics.SETTLEMENTS, b"", key, home),
        ("OVERSIZE", topics.PAYMENTS, b"x" * 7_900_000, key, home),
        ("UNKNOWN_TYPE", topics.PAYMENTS, good.replace(b"initiated.v1", b"initiated.v9"), key, home),
        ("CONTRACT_VIOLATION", topics.SETTLEMENTS, settled, key, home),
        ("WRONG_KEY", topics.PAYMENTS, good, b"CR-other", home),
        ("MISSING_KEY", topics.PAYMENTS, good, None, home),
        ("WRONG_PARTITION", topics.PAYMENTS, good, key, 1 - home),
        ("WRONG_TOPIC", topics.OPERATIONS, good, key, home),
        ("UNKNOWN_TYPE", topics.CLOCK, good, key, home),
        ("UNKNOWN_TYPE", topics.PAYMENTS, tick, b"clock", home),
    ]
    own: list[tuple[str, bytes | None]] = [("traceparent", b"00-1"), ("empty", None)]
    sent = [live.send(topic, value, key, partition, own) for _, topic, value, key, partition in hostile]
    sent.append(live.send(topics.PAYMENTS, good, key))
    found = live.until_journalled(sent)

    assert isinstance(answer(found, sent[-1]), fx.PaymentInitiated)
    letters = {_origin(message): message for message in live.messages(topics.DEAD_LETTERS)}
    unseal = opener(live.settings)
    for (code, _, value, key_, partition), position in zip(hostile, sent[:-1], strict=True):
        dead = answer(found, position)
        assert isinstance(dead, fx.DeadLettered), position
        assert dead.code == code, position
        letter = letters[position]
        content = unseal(letter.value())
        assert content is not None
        assert (letter.partition(), content.value or b"", content.key) == (partition, value or b"", key_)
        assert (letter.key(), dict(letter.headers() or [])["hms_error_code"]) == (None, code.encode())
        assert content.headers == own


def test_an_event_from_the_future_is_refused_and_one_from_yesterday_is_not(live: World) -> None:
    sent = live.send_all(
        [
            ask("CR-future", "T1", time_text=now_text(3600)),
            ask("CR-future", "T2", time_text=now_text(60)),
            ask("CR-future", "T3", time_text=now_text(-86_400)),
        ]
    )
    found = live.until_journalled(sent)
    first = answer(found, sent[0])
    assert isinstance(first, fx.Refused)
    assert first.reason == "FUTURE_TIME"
    assert all(isinstance(answer(found, position), fx.PaymentInitiated) for position in sent[1:])


def test_a_compressed_message_larger_than_any_letter_is_cut_and_the_stream_goes_on(live: World) -> None:
    """30 MB of blanks are 30 kB on the wire: the broker's limit does not see them."""
    _, key, good, _ = ask("CR-bomb", "T1")
    home = partition_of(key, PARTITIONS)
    sent = [live.send(topics.PAYMENTS, b" " * 30_000_000, key, home, codec="zstd"), live.send(topics.PAYMENTS, good, key)]
    found = live.until_journalled(sent)
    dead = answer(found, sent[0])
    assert isinstance(dead, fx.DeadLettered)
    assert dead.code == "OVERSIZE"
    (letter,) = [message for message in live.messages(topics.DEAD_LETTERS) if _origin(message) == sent[0]]
    content = opener(live.settings)(letter.value())
    assert content is not None
    assert len(content.value or b"") == KEPT_BYTES
    assert dict(letter.headers() or [])["hms_truncated_from_bytes"] == b"30000000"


def test_header_names_that_are_no_text_do_not_stop_the_worker(live: World) -> None:
    """The client library answers the first look at them with an exception and the second with a crash of the process."""
    _, key, good, _ = ask("CR-odd", "T1")
    partition = partition_of(key, PARTITIONS)
    sent = []
    for value in ("poison", good.decode()):
        command = [sys.executable, "-m", "tests.live.odd_headers", live.settings.kafka_bootstrap, topics.PAYMENTS, str(partition)]
        done = subprocess.run(
            [*command, key.decode(), value], env={**os.environ, "AIOKAFKA_NO_EXTENSIONS": "1"}, capture_output=True, text=True, check=True
        )
        sent.append((topics.PAYMENTS, partition, int(done.stdout)))
    found = live.until_journalled(sent)
    assert isinstance(answer(found, sent[0]), fx.DeadLettered)
    assert isinstance(answer(found, sent[1]), fx.PaymentInitiated)
    (letter,) = [message for message in live.messages(topics.DEAD_LETTERS) if _origin(message) == sent[0]]
    content = opener(live.settings)(letter.value())
    assert content is not None
    assert content.value == b"poison"


def test_aborted_transactions_of_a_producer_are_never_seen(live: World) -> None:
    producer = Producer(
        {
            "bootstrap.servers": live.settings.kafka_bootstrap,
            "transactional.id": "credit",
            "partitioner": "murmur2_random",
            "log_level": 0,
        }
    )
    producer.init_transactions(20)
    for transaction, committed in (("T1", False), ("T2", True), ("T3", False), ("T4", True)):
        producer.begin_transaction()
        topic, key, value, _ = ask("CR-transactions", transaction)
        producer.produce(topic, value, key)
        if committed:
            producer.commit_transaction(20)
        else:
            producer.flush(20)
            producer.abort_transaction(20)
    found = live.until_journalled([live.send_all([ask("CR-transactions", "T5")])[0]])
    asked = [placed.entry.event_id for placed in found if placed.entry.account == "CR-transactions"]
    assert asked == ["ask-T2", "ask-T4", "ask-T5"]


def test_a_broker_refuses_what_is_larger_than_the_topic_allows(live: World) -> None:
    """The first line of defence, and why the largest letter still fits."""
    with pytest.raises((AssertionError, KafkaException)):
        live.send(topics.PAYMENTS, bytes(range(256)) * 50_000, b"CR-1", 0)


def _origin(letter: Message) -> tuple[str, int, int]:
    headers = dict(headers_of(letter))
    topic, partition, offset = (headers[f"__connect.errors.{name}"] or b"" for name in ("topic", "partition", "offset"))
    return topic.decode(), int(partition), int(offset)
