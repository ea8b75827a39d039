"""The engine on a real broker with real workers: hostile input, every codec, restarts, kills, two workers, and recovery."""

import json
import time
from collections import Counter
from collections.abc import Iterator

import msgspec
import pytest
from confluent_kafka import KafkaException, Message, Producer

from journal import topics
from journal.failpoint import EXIT_CODE
from journal.partitioner import partition_of
from ledger import effects as fx
from ledger.book import Book
from streams.engine.letters import KEPT_BYTES, headers_of
from streams.engine.recovery import Reader, recover
from streams.poster import Poster
from tests.live.worker_world import PARTITIONS, Placed, World, world
from tests.streams.messages import cloud_event

pytestmark = pytest.mark.live
RECORD_BYTES = 10_000


@pytest.fixture(scope="module")
def live() -> Iterator[World]:
    with world(record_bytes_max=RECORD_BYTES) as made:
        made.start()
        yield made


def now_text(ahead_s: int = 0) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + ahead_s))


def ask(account: str, transaction: str, *, direction: str = "preapproval", time_text: str = "") -> tuple[str, bytes, bytes, int]:
    """A payment, as a message to be placed by its key."""
    data = {
        "credit_reference": account,
        "transaction_id": transaction,
        "patient_id": "P1",
        "hospital_id": "H1",
        "amount": "100.00",
        "direction": direction,
    }
    value = cloud_event("payment.initiated.v1", data, f"ask-{transaction}", time_text or now_text())
    return topics.PAYMENTS, account.encode(), value, -1


def accounts_of(name: str, count: int) -> list[str]:
    return [f"{name}-{number:04d}" for number in range(count)]


def each_once(found: list[Placed]) -> None:
    """Every input position has its entries in one piece: ordinals go on without a gap or a repeat."""
    ordinals: Counter[tuple[str, int, int]] = Counter()
    for placed in found:
        assert placed.entry.ordinal == ordinals[placed.position], placed
        ordinals[placed.position] += len(placed.entry.effects)


def answer(found: list[Placed], position: tuple[str, int, int]) -> fx.AnyEffect:
    """The first effect of an event."""
    (entry,) = [placed.entry for placed in found if placed.position == position]
    return entry.effects[0]


def rebuilt(live: World, partition: int, poster: Poster) -> Book:
    """What a worker would rebuild now, from checkpoints and the journal's tail."""
    with Reader(live.settings, "test") as reader:
        book: Book = recover(live.settings, poster, reader, partition, None, lambda: None).log.state
    return book


def replayed(found: list[Placed], partition: int, poster: Poster) -> Book:
    """The fold of the whole journal."""
    book = poster.open(partition)
    for placed in found:
        if placed.partition == partition:
            poster.replay(book, placed.entry)
    return book


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
        ("OVERSIZE", topics.PAYMENTS, b"x" * 9_000_000, key, home),
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
    for (code, _, value, key_, partition), position in zip(hostile, sent[:-1], strict=True):
        dead = answer(found, position)
        assert isinstance(dead, fx.DeadLettered), position
        assert dead.code == code, position
        letter = letters[position]
        assert (letter.partition(), letter.value() or b"", letter.key()) == (partition, value or b"", key_)
        headers = dict(letter.headers() or [])
        assert (headers["hms_error_code"], headers["traceparent"], headers["empty"]) == (code.encode(), b"00-1", None)


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
    assert len(letter.value() or b"") == KEPT_BYTES
    assert dict(letter.headers() or [])["hms_truncated_from_bytes"] == b"30000000"


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


def test_public_topics_are_the_journals_effects_once_each(live: World) -> None:
    found = live.until_journalled(live.send_all([ask(account, "T1") for account in accounts_of("public", 20)]))
    wanted: dict[str, list[str]] = {}
    poster = Poster(live.settings)
    for placed in found:
        for output in poster.outputs(placed.partition, topics.INPUTS, [placed.entry]):
            if output.topic in topics.PUBLIC:
                wanted.setdefault(output.topic, []).append(json.loads(output.value)["id"])
    assert {topics.DECISIONS, topics.ENTRIES} <= wanted.keys()
    for topic, identities in wanted.items():
        live.until_published(len(identities), topic, lambda _: True)
        assert sorted(event["id"] for event in live.events(topic)) == sorted(identities)


def test_a_worker_that_is_stopped_or_killed_goes_on_where_the_journal_stands(live: World) -> None:
    first = live.send_all([ask(account, "T1") for account in accounts_of("restart", 30)])
    live.until_journalled(first[:1])
    assert live.stop() == 0
    second = live.send_all([ask(account, "T1") for account in accounts_of("restart", 30)])
    live.start()
    live.until_journalled(second[:5])
    live.kill()
    third = live.send_all([ask(account, "T2") for account in accounts_of("restart", 30)])
    live.start()
    found = live.until_journalled([*first, *second, *third])
    each_once(found)
    again = [answer(found, position) for position in second]
    assert all(isinstance(effect, fx.Refused) and effect.reason == "DUPLICATE" for effect in again)


def test_recovery_from_checkpoints_and_tail_equals_a_replay_of_the_whole_journal(live: World) -> None:
    live.until_journalled(live.send_all([ask(account, "T1") for account in accounts_of("recovery", 40)]))
    live.until(lambda: bool(live.messages(topics.ACCOUNTS)), "no checkpoint was written")
    found = live.until_journalled(live.send_all([ask(account, "T2") for account in accounts_of("recovery", 40)]))
    poster = Poster(live.settings)
    for partition in range(PARTITIONS):
        one, other = rebuilt(live, partition, poster), replayed(found, partition, poster)
        assert one.accounts.keys() == other.accounts.keys()
        assert all(msgspec.json.encode(one.accounts[name]) == msgspec.json.encode(other.accounts[name]) for name in one.accounts)
        assert one.governance == other.governance


def test_a_tick_over_many_accounts_survives_a_kill_in_its_middle(live: World) -> None:
    """Records of 10 kB: the tick needs many. The worker dies twice before a record, and the next one ends what it began."""
    names = [name for name in accounts_of("tick", 600) if partition_of(name.encode(), PARTITIONS) == 0][:250]
    long_ago = now_text(-20 * 86_400)
    live.until_journalled(live.send_all([ask(account, "T1", time_text=long_ago) for account in names]))
    live.kill()
    (tick,) = live.tick(int(time.time() * 1000) - 10 * 86_400_000, [0])
    for skip in (3, 2):
        live.start(failpoint=f"before-journal:{skip}")
        assert live.died() == EXIT_CODE
    live.start()

    def finished() -> bool:
        return sum(placed.position == tick for placed in live.entries()) >= len(names)

    live.until(finished, "the tick is not finished")
    found = live.entries()
    each_once(found)
    ticked = [placed.entry for placed in found if placed.position == tick]
    mine = [entry for entry in ticked if entry.account in set(names)]
    assert sorted(entry.account for entry in mine) == sorted(names)
    assert all(isinstance(entry.effects[0], fx.Moved) and entry.effects[0].code == "hold_expired" for entry in mine)


def test_two_workers_share_the_partitions_and_one_takes_over_what_the_other_leaves(live: World) -> None:
    live.start(1)
    live.until(lambda: {live.assigned(0)[:3], live.assigned(1)[:3]} == {"[0]", "[1]"}, "the two do not share")
    names = accounts_of("two", 40)
    live.until_journalled(live.send_all([ask(account, "T1") for account in names]))
    assert live.stop(1) == 0
    del live.workers[1]
    found = live.until_journalled(live.send_all([ask(account, "T2") for account in names]))
    each_once(found)
    assert live.assigned(0).startswith("[0, 1]")


def test_too_many_dead_letters_stop_the_worker_for_they_mean_bad_code(live: World) -> None:
    live.stop()
    live.start(dead_letter_limit=20)
    live.send_all([(topics.PAYMENTS, b"CR-1", b"poison", 0)] * 21)
    assert live.died() == 70
    assert "this is bad code" in live.log().read_text()
    live.start()
    found = live.until_journalled(live.send_all([ask("CR-after", "T1")]))
    each_once(found)


def test_a_broker_refuses_what_is_larger_than_the_topic_allows(live: World) -> None:
    """The first line of defence, and why the largest letter still fits."""
    with pytest.raises((AssertionError, KafkaException)):
        live.send(topics.PAYMENTS, bytes(range(256)) * 50_000, b"CR-1", 0)


def _origin(letter: Message) -> tuple[str, int, int]:
    headers = dict(headers_of(letter))
    topic, partition, offset = (headers[f"__connect.errors.{name}"] or b"" for name in ("topic", "partition", "offset"))
    return topic.decode(), int(partition), int(offset)
