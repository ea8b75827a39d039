"""A broker with what a relay would publish, a receiver over real HTTP, and webhook sinks as processes."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from cli.environment import to_environment
from cli.stack.broker import Broker
from journal import topics
from journal.settings import Settings
from simulator.receiver import Check, Inbox, check_of, serve
from sinks.outbox import events
from sinks.outbox.events import Attempt, DeliveryAttempted, LogEvent
from sinks.webhooks.secrets_file import NAME, load_or_make

PARTITIONS = 2
NEEDED = (topics.WEBHOOKS, topics.WEBHOOK_DELIVERIES, topics.NOTIFICATIONS, topics.NOTIFICATION_DELIVERIES, topics.SUBJECT_KEYS)


class OutboxWorld:
    """Topics of its own on a broker, a folder of its own, and a relay that is played."""

    def __init__(self, bootstrap: str, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings.model_validate(
            {"data_dir": folder, "kafka_bootstrap": bootstrap, "partitions": PARTITIONS, "webhook_networks": "127.0.0.0/8, ::1/128"}
        )
        topics.apply(self.settings, [spec for spec in topics.specs() if spec.name in NEEDED])
        self._relay = Producer(
            {"bootstrap.servers": bootstrap, "transactional.id": f"relay-{folder.name}", "partitioner": "murmur2_random"}
        )
        self._relay.init_transactions(30)
        self.published: list[tuple[str, str]] = []
        """account and id of each webhook, in order"""
        load_or_make(folder / NAME)
        self.checks: list[Check] = [check_of(line) for line in (folder / NAME).read_text().splitlines()]

    def webhooks(self, count: int, accounts: int, chunk: int = 50) -> None:
        """Publish further webhooks as the relay does, in transactions of a chunk."""
        first = len(self.published)
        for at in range(first, first + count, chunk):
            self._relay.begin_transaction()
            for number in range(at, min(at + chunk, first + count)):
                account, identity = f"CR-{number % accounts}", f"webhook-{number}"
                self._publish(topics.WEBHOOKS, account, identity, "webhook.due.v1", webhook(account, number))
                self.published.append((account, identity))
            self._relay.commit_transaction(30)

    def publish(self, topic: str, account: str, identity: str, kind: str, data: dict[str, Any]) -> None:
        """Publish one event in a transaction of its own."""
        self._relay.begin_transaction()
        self._publish(topic, account, identity, kind, data)
        self._relay.commit_transaction(30)

    @contextmanager
    def receiver(self, inbox: Inbox, make: Callable[[], ThreadingHTTPServer] | None = None) -> Iterator[str]:
        """A receiver in a thread; its URL."""
        server = make() if make else serve(0, self.checks, inbox, lambda _line: None)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    @contextmanager
    def sink(self, module: str = "sinks.webhooks", **options: Any) -> Iterator["subprocess.Popen[bytes]"]:
        """The sink as a process; ended, by force if need be, with the block."""
        settings = self.settings.model_copy(update=options)
        with (self.folder / "sink.log").open("ab") as log:
            process = subprocess.Popen([sys.executable, "-m", module], env=to_environment(settings), stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def log(self, topic: str = topics.WEBHOOK_DELIVERIES) -> list[LogEvent]:
        """Everything in a delivery log."""
        consumer = Consumer(self.settings.kafka(group_id="test-log", enable_auto_commit=False, enable_partition_eof=True))
        count = len(consumer.list_topics(topic, timeout=20).topics[topic].partitions)
        consumer.assign([TopicPartition(topic, p, 0) for p in range(count)])
        found, ended = [], 0
        while ended < count:
            for message in consumer.consume(500, 0.2):
                if message.error() is None:
                    value = message.value()
                    assert isinstance(value, bytes)
                    found.append(events.decode(value))
                else:
                    ended += 1
        consumer.close()
        return found

    def attempts(self, topic: str = topics.WEBHOOK_DELIVERIES) -> list[Attempt]:
        """Every attempt in a delivery log."""
        return [event.data for event in self.log(topic) if isinstance(event, DeliveryAttempted)]

    def said(self) -> str:
        """What the sinks wrote."""
        return (self.folder / "sink.log").read_text()

    def _publish(self, topic: str, account: str, identity: str, kind: str, data: dict[str, Any]) -> None:
        value = {
            "specversion": "1.0",
            "id": identity,
            "source": "/hms-ach/ledger",
            "type": kind,
            "subject": account,
            "time": datetime.now(UTC),
            "datacontenttype": "application/json",
            "data": {"credit_reference": account, **data, "cause": {"event_id": "evt-1", "type": "payment.settled.v1"}},
        }
        self._relay.produce(topic, msgspec.json.encode(value), account.encode())


def webhook(account: str, number: int) -> dict[str, Any]:
    """Data of a webhook; the settlement's cents are its number."""
    return {
        "transaction_id": f"tx-{account}-{number}",
        "status": "settled",
        "settlement_amount": f"{number // 100}.{number % 100:02d}",
        "balance": "0.00",
        "currency": "USD",
        "exceptions": [],
    }


@contextmanager
def running_broker() -> Iterator[str]:
    """Bootstrap servers of a broker whose topics a world may make and drop."""
    with tempfile.TemporaryDirectory(prefix="hms-ach-outbox-") as folder, Broker(Path(folder)) as broker:
        yield broker.bootstrap


@contextmanager
def running_world(bootstrap: str) -> Iterator[OutboxWorld]:
    """A world with topics that are new; what was committed in them is gone with the old ones."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    there = [name for name in NEEDED if name in admin.list_topics(timeout=20).topics]
    for future in admin.delete_topics(there).values() if there else ():
        future.result(20)
    wait_until(lambda: not set(there) & set(admin.list_topics(timeout=20).topics), 20)
    with tempfile.TemporaryDirectory(prefix="hms-ach-outbox-") as folder:
        yield OutboxWorld(bootstrap, Path(folder))


def wait_until(met: Callable[[], bool], seconds: float, what: Callable[[], object] = lambda: "") -> None:
    """Wait until it is met. AssertionError after so long."""
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, what()
        time.sleep(0.02)
