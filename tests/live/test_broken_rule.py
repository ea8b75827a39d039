"""A rule that breaks, on the real pipeline: payments are decided, Prometheus counts each of them, the risk teams hear of it once."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from journal import topics
from ledger.ids import rule_alert_id
from tests.api.system import System, running
from tests.live.caller import ask, warm_up
from tests.live.test_exceptions import until

pytestmark = pytest.mark.live
FAULTY = """
[book]
name = "faulty"
version = 1
[[rule]]
name = "divides"
when = "amount / (count_1h - count_1h) > 3"
outcome = "review"
"""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("broken-rule"), decision_wait_ms=8_000) as system:
        warm_up(system)
        yield system


def test_it_is_counted_for_each_payment_and_told_once(system: System) -> None:
    activated = system.client.post("/api/v1/rules/activate", json={"text": FAULTY, "activated_by": "anna"})
    assert activated.json()["agreed"], activated.text
    answers = [ask(system, account="credit-broken").json() for _ in range(3)]
    assert [answer["status"] for answer in answers] == ["held"] * 3
    until(lambda: counted(system) == 3)
    for _ in range(2):
        tick(system)
    (alert,) = until(lambda: system.client.get("/api/v1/alerts", params={"alert": "rule_broken"}).json()["alerts"])
    assert (alert["rule"], alert["policy"], alert["about"]) == ("divides", "faulty@1", answers[0]["transaction_id"])
    assert alert["alert_id"] == rule_alert_id("faulty@1", "divides")
    told = until(lambda: [each["id"] for each in published(system) if each["data"]["alert"] == "rule_broken"])
    assert told == [alert["alert_id"]]


def counted(system: System) -> float:
    """What Prometheus would read."""
    found = re.search(r'hms_rules_broken_total\{policy="faulty@1",rule="divides"\} (\S+)', system.client.get("/metrics").text)
    return float(found[1]) if found else 0.0


def tick(system: System) -> None:
    """The clock, in every partition."""
    producer = Producer({"bootstrap.servers": system.broker.bootstrap})
    time = datetime.now(UTC).isoformat()
    value = {"specversion": "1.0", "id": str(uuid4()), "source": "/test", "type": "tick.v1", "time": time, "data": {}}
    for number in range(system.settings.partitions):
        producer.produce(topics.CLOCK, json.dumps(value).encode(), b"clock", partition=number)
    assert producer.flush(20) == 0


def published(system: System) -> list[dict[str, Any]]:
    """All alerts on their topic, to its present end."""
    consumer = Consumer(system.settings.kafka(group_id=f"test-{uuid4()}", isolation_level="read_committed"))
    found = []
    for number in range(system.settings.partitions):
        _, end = consumer.get_watermark_offsets(TopicPartition(topics.ALERTS, number), 10)
        consumer.assign([TopicPartition(topics.ALERTS, number, 0)])
        while end and (message := consumer.poll(5)) is not None:
            value = message.value()
            if value is not None:
                found.append(json.loads(value))
            if (message.offset() or 0) >= end - 2:  # the last offset is the transaction's mark
                break
    consumer.close()
    return found
