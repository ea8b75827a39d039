"""The windows of hospitals on a real broker: a burst is told to the ledger once a window, whatever is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from cli.stack.broker import Broker
from journal import topics
from journal.settings import Settings
from ledger.hospital_events import AnyHospitalEvent, HospitalPayment, HospitalPolicy, HospitalReturn
from ledger.window_events import WindowExceeded
from ledger.wire import decode_account
from streams.hospital_events import watcher_keys

pytestmark = pytest.mark.live
PARTITIONS = 2
AT_MS = 1_772_460_000_000 // 3_600_000 * 3_600_000
BOOK = """
[book]
name = "watching"
version = 3
[[watch]]
name = "burst"
payments = 20
[[watch]]
name = "returns"
of = "patient"
span = "1d"
returns = 2
severity = "medium"
"""


QUARTER = """
[[watch]]
name = "quarter"
span = "90d"
payments = 100
"""


class World:
    """A broker with the two topics."""

    def __init__(self, broker: Broker, folder: Path) -> None:
        self.settings = Settings.model_validate({"kafka_bootstrap": broker.bootstrap, "partitions": PARTITIONS, "data_dir": folder})
        wanted = {topics.HOSPITALS, topics.OPERATIONS, topics.WINDOWS}
        topics.apply(self.settings, [spec for spec in topics.specs() if spec.name in wanted])
        self.producer = Producer({"bootstrap.servers": broker.bootstrap, "partitioner": "murmur2_random"})
        self.number = 0
        for key in watcher_keys(PARTITIONS):
            self.send(key, HospitalPolicy(BOOK))

    def send(self, key: bytes, *events: AnyHospitalEvent) -> None:
        """One message."""
        self.producer.produce(topics.HOSPITALS, msgspec.json.encode(events), key)
        assert self.producer.flush(10) == 0

    def pay(self, hospital: str, count: int, at_ms: int = AT_MS, patient: str = "P1") -> None:
        """Payments, two a message."""
        for _ in range(count // 2):
            self.send(hospital.encode(), *(self._payment(hospital, patient, at_ms) for _ in range(2)))

    def _payment(self, hospital: str, patient: str, at_ms: int) -> HospitalPayment:
        self.number += 1
        return HospitalPayment(f"t-{self.number}", f"credit-{self.number}", at_ms + self.number, hospital, patient, 10_000)

    @contextmanager
    def worker(self) -> Iterator["subprocess.Popen[bytes]"]:
        """The process, until the block ends."""
        given = {f"HMS_{name.upper()}": str(getattr(self.settings, name)) for name in self.settings.model_fields_set}
        with (self.settings.data_dir / "windows.log").open("ab") as log:
            child = subprocess.Popen([sys.executable, "-m", "streams.windows_worker"], env={**os.environ, **given}, stderr=log, stdout=log)
            try:
                yield child
            finally:
                child.send_signal(signal.SIGTERM)
                try:
                    child.wait(15)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()

    def alerts(self) -> list[dict[str, Any]]:
        """All there are."""
        consumer = Consumer({"bootstrap.servers": self.settings.kafka_bootstrap, "group.id": "test", "enable.partition.eof": False})
        try:
            parts = [TopicPartition(topics.OPERATIONS, number, 0) for number in range(PARTITIONS)]
            left = sum(consumer.get_watermark_offsets(part, timeout=10)[1] for part in parts)
            consumer.assign(parts)
            found: list[dict[str, Any]] = []
            while len(found) < left:
                found += [json.loads(message.value() or b"") for message in consumer.consume(left, 1)]
            return found
        finally:
            consumer.close()

    def wait_for(self, count: int, seconds: float = 60) -> list[dict[str, Any]]:
        """The alerts once there are so many."""
        deadline = time.monotonic() + seconds
        while len(found := self.alerts()) < count:
            assert time.monotonic() < deadline, (self.settings.data_dir / "windows.log").read_text()[-3000:]
            time.sleep(0.2)
        return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("windows")
    with Broker(folder / "broker") as broker:
        yield World(broker, folder)


def test_a_burst_raises_one_alert_a_window_also_after_a_restart(world: World) -> None:
    with world.worker() as child:
        world.pay("H1", 40)
        world.pay("H2", 20)
        (alert,) = world.wait_for(1)
        told = decode_account(msgspec.json.encode(alert))
        assert isinstance(told, WindowExceeded)
        assert told.data.subject == "H1"
        assert alert["data"]["policy"] == "watching@3"
        assert alert["data"]["explanation"].startswith("Hospital H1 had 21 payments; more than 20 is unusual in the hour from ")
        time.sleep(2)  # the offsets are committed every second
        child.kill()
        child.wait()
    with world.worker():
        world.pay("H1", 20)  # the same window: it has been told
        world.pay("H2", 2)  # the window goes on counting where it stood
        world.pay("H1", 30, AT_MS + 3_600_000)  # the next window
        found = world.wait_for(3)
        assert Counter(each["data"]["subject"] for each in found) == {"H1": 2, "H2": 1}
        for number in range(3):
            world.send(b"H3", HospitalReturn(f"r-{number}", "credit-r", AT_MS + number, "H3", "P9", 5_000))
        found = world.wait_for(4)
        last = found[[each["data"]["subject"] for each in found].index("P9")]["data"]
        assert (last["watch"], last["severity"], last["hospital_id"], last["amount"]) == ("returns", "medium", "H3", "50.00")
        for key in watcher_keys(PARTITIONS):
            world.send(key, HospitalPolicy(BOOK + QUARTER))
        world.pay("H1", 12, AT_MS + 7_200_000)  # 90 before, when nobody watched the quarter
        found = world.wait_for(5)
        (quarter,) = [each["data"] for each in found if each["data"]["watch"] == "quarter"]
        assert quarter["explanation"].startswith("Hospital H1 had 101 payments; more than 100 is unusual in the 90 days from ")
    assert len({each["id"] for each in world.alerts()}) == len(world.alerts()) == 5


def test_what_is_no_event_is_left_out_and_the_stream_goes_on(world: World) -> None:
    before = len(world.alerts())
    world.producer.produce(topics.HOSPITALS, b"{not json", b"H4")
    with world.worker():
        world.pay("H4", 22)
        world.wait_for(before + 1)
