"""Topics on a live broker: created as specified, left alone when they are there, every difference named; keys where we expect them."""

import time

import pytest
from confluent_kafka import KafkaException, Message, Producer
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

from journal.partition_count import PartitionCountError, must_be
from journal.partitioner import partition_of
from journal.settings import Settings
from journal.topics import TopicSpec, apply, check, specs

pytestmark = pytest.mark.live


def test_librdkafka_places_every_key_where_we_expect_it(broker: str) -> None:
    """`murmur2_random`, which every producer of ours is told to use; lengths 1 to 40 reach all tails of the hash."""
    count = 7
    settings = Settings(kafka_bootstrap=broker, partitions=count)
    apply(settings, [TopicSpec("test.partitioner", {})])
    keys = [bytes((7 * length + n) % 256 for n in range(length)) for length in range(1, 41)] + [b"CR-1", "Kreditnr-ü".encode()]
    placed: dict[bytes, int] = {}

    def report(error: object, message: Message) -> None:
        assert error is None, error
        key = message.key()
        assert isinstance(key, bytes)
        placed[key] = int(message.partition() or 0)

    producer = Producer(settings.kafka(partitioner="murmur2_random"))
    for key in keys:
        producer.produce("test.partitioner", b"", key, on_delivery=report)
    assert producer.flush(20) == 0
    assert placed == {key: partition_of(key, count) for key in keys}


def test_topics_are_created_once_and_left_alone(broker: str) -> None:
    settings = Settings(kafka_bootstrap=broker, partitions=3)
    wanted = [
        TopicSpec("test.inputs", {"message.timestamp.type": "LogAppendTime", "retention.ms": "-1"}),
        TopicSpec("test.compacted", {"cleanup.policy": "compact"}, 1),
    ]
    assert check(settings, wanted) == [f"topic {spec.name} is missing; create it with `hms-ach topics apply`" for spec in wanted]
    assert apply(settings, wanted) == (("test.inputs", "test.compacted"), (), ())
    assert apply(settings, wanted) == ((), ("test.inputs", "test.compacted"), ())
    described = AdminClient(settings.kafka()).list_topics(timeout=20).topics
    assert {name: len(described[name].partitions) for name in ("test.inputs", "test.compacted")} == {"test.inputs": 3, "test.compacted": 1}


def test_every_drift_is_named_and_none_is_changed(broker: str) -> None:
    settings = Settings(kafka_bootstrap=broker, partitions=3)
    admin = AdminClient(settings.kafka())
    made = admin.create_topics([NewTopic("test.drifted", 2, 1, config={"retention.ms": "604800000", "cleanup.policy": "compact"})])
    made["test.drifted"].result(20)
    wanted = [TopicSpec("test.drifted", {"retention.ms": "-1", "cleanup.policy": "compact", "retention.bytes": "-1"})]
    drift = (
        "topic test.drifted has 2 partitions instead of 3; the number is fixed for life, docs/partitions.md says why",
        "topic test.drifted: retention.ms is 604800000, should be -1",
    )
    assert apply(settings, wanted) == ((), ("test.drifted",), drift)
    assert tuple(check(settings, wanted)) == drift


def test_partitions_that_somebody_adds_are_noticed(broker: str) -> None:
    settings = Settings(kafka_bootstrap=broker, partitions=2)
    names = ("test.grown", "test.as-it-was")
    apply(settings, [TopicSpec(name, {}) for name in names])
    admin = AdminClient(settings.kafka())
    must_be(2, admin, names)
    admin.create_partitions([NewPartitions("test.grown", 4)])["test.grown"].result(20)
    deadline = time.monotonic() + 20
    while len(admin.list_topics(timeout=20).topics["test.grown"].partitions) != 4:  # the controller knows before its brokers do
        assert time.monotonic() < deadline
        time.sleep(0.1)
    with pytest.raises(PartitionCountError, match=r"must have 2 partitions like the others: test\.grown has 4\."):
        must_be(2, admin, names)


def test_a_broker_that_refuses_says_so(broker: str) -> None:
    """A setting it does not know; a replication that one node cannot give."""
    with pytest.raises(KafkaException):
        apply(Settings(kafka_bootstrap=broker), [TopicSpec("test.refused", {"no.such.setting": "1"})])
    with pytest.raises(KafkaException):
        apply(Settings(kafka_bootstrap=broker, kafka_replication=3), [TopicSpec("test.refused", {})])


def test_all_topics_of_the_product_are_accepted_by_the_broker(broker: str) -> None:
    """Under other names, for the names themselves belong to whichever test runs a pipeline on this broker."""
    settings = Settings(kafka_bootstrap=broker, partitions=2)
    wanted = [spec._replace(name=f"all.{spec.name}") for spec in specs()]
    assert apply(settings, wanted).drift == ()
