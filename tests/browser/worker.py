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

ACCOUNT: Final = {"routing_number": "021000021", "account_number": "900155512347", "name": "Pat Roe", "account_type": "checking"}


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


def declined(world: World, patient: str) -> str:
    """A payment of this patient with a bank account, while a worker is there. It is too large, so nothing of it is under way."""
    body = {
        "patient_id": patient,
        "credit_reference": f"CR-{patient}",
        "hospital_id": "H01",
        "amount": "999999.00",
        "direction": "repayment",
    }
    asked = {**body, "bank_account": ACCOUNT}
    answer = world.system.client.post("/api/v1/payments/initiate", json=asked, headers={"Idempotency-Key": patient})
    assert (answer.status_code, answer.json()["status"]) == (201, "declined"), answer.text
    return str(answer.json()["transaction_id"])


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
