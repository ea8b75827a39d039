"""A worker for tests of the page: while it runs, what people ask for is decided by the very books that made the seeded journal."""

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Final

from confluent_kafka import Consumer, TopicPartition

from journal import topics
from simulator.message import Message
from tests.browser.world import Journal, World
from tests.dashboards.seeded import PARTITIONS

_READ: Final = (topics.PAYMENTS, topics.OPERATIONS)


@contextlib.contextmanager
def working(world: World) -> Iterator[None]:
    """Events that come from now on are answered, until the block ends."""
    consumer = Consumer({"bootstrap.servers": world.system.broker.bootstrap, "group.id": "page", "enable.auto.commit": False})
    places = [TopicPartition(topic, partition) for topic in _READ for partition in range(PARTITIONS)]
    consumer.assign([TopicPartition(each.topic, each.partition, consumer.get_watermark_offsets(each, 30)[1]) for each in places])
    ended = threading.Event()
    thread = threading.Thread(target=_work, args=(world, consumer, ended))
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(10)
        consumer.close()


def _work(world: World, consumer: Consumer, ended: threading.Event) -> None:
    journal = Journal(world.system.broker.bootstrap)
    while not ended.is_set():
        message = consumer.poll(0.1)
        if message is None or message.error() is not None:
            continue
        topic, partition, value = message.topic(), message.partition(), message.value()
        assert topic is not None
        assert partition is not None
        assert value is not None
        for accepted in world.seeded.take(Message(time.time_ns() // 1_000_000, topic, message.key(), value, partition)):
            journal.send(partition, accepted.value)
        journal.flush()
