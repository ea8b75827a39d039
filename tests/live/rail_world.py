"""A broker with what a ledger would publish, and rails as processes, for the tests of the ACH rail."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, Producer, TopicPartition

from ach.reader import read
from ach.records import Entry
from journal import topics
from journal.settings import Settings
from sinks.ach import filecut
from sinks.ach.clock import utc_now
from sinks.ach.filecut import CutRequested, FileCut, FileEvent, FileSent, RequestData
from sinks.ach.folders import Folders
from sinks.ach.ids import derived
from tests.live.sink_world import environment

PARTITIONS = 2
NEEDED = (
    topics.ENTRIES,
    topics.DECISIONS,
    topics.FILES,
    topics.SETTLEMENTS,
    topics.DEAD_LETTERS,
    topics.ALERTS,
    topics.SUBJECT_KEYS,
    topics.HOUSE_KEYS,
)


class RailWorld:
    """Topics of its own on a broker, a folder of its own, and a ledger that is played."""

    def __init__(self, bootstrap: str, folder: Path, **more: Any) -> None:
        self.settings = Settings.model_validate(
            {"data_dir": folder, "kafka_bootstrap": bootstrap, "partitions": PARTITIONS, "ach_sandbox": True, **more}
        )
        self.folders = Folders(folder)
        topics.apply(self.settings, [spec for spec in topics.specs() if spec.name in NEEDED])
        self._ledger = Producer(
            {"bootstrap.servers": bootstrap, "transactional.id": f"ledger-{folder.name}", "partitioner": "murmur2_random"}
        )
        self._ledger.init_transactions(30)
        self._published = 0
        self._person = Producer({"bootstrap.servers": bootstrap, "log_level": 0})

    def entries(self, count: int, *, chunk: int = 500, **fields: Any) -> list[str]:
        """Publish further entries as the relay does, in transactions of a chunk; their transaction ids."""
        first, self._published = self._published, self._published + count
        names = [f"tx-{number:06d}" for number in range(first, first + count)]
        for at in range(0, count, chunk):
            self._ledger.begin_transaction()
            for number, name in list(enumerate(names, first))[at : at + chunk]:
                self._publish(topics.ENTRIES, f"acct-{number:06d}", "ach.entry_due.v1", due(name, number, **fields))
            self._ledger.commit_transaction(30)
        return names

    def cancel(self, name: str) -> None:
        """Publish that a payment is canceled."""
        self._ledger.begin_transaction()
        account = f"acct-{name.removeprefix('tx-')}"
        self._publish(topics.DECISIONS, account, "payment.status_changed.v1", {"transaction_id": name, "status": "canceled"})
        self._ledger.commit_transaction(30)

    def request(self) -> None:
        """Ask for a cut."""
        now = utc_now()
        event = CutRequested(id=derived("request", now), time=now, data=RequestData("test"))
        self.tell(filecut.encode(event))

    def tell(self, value: bytes) -> None:
        """Put a message on the rail's own topic."""
        self._person.produce(topics.FILES, value)
        assert self._person.flush(10) == 0

    def _publish(self, topic: str, account: str, kind: str, data: dict[str, Any]) -> None:
        value = {
            "specversion": "1.0",
            "id": f"{kind}/{data['transaction_id']}",
            "source": "/hms-ach/ledger",
            "type": kind,
            "subject": account,
            "time": "2026-03-02T15:00:00.000Z",
            "data": {"credit_reference": account, **data},
        }
        self._ledger.produce(topic, json.dumps(value).encode(), account.encode())
        self._ledger.poll(0)

    def said(self, topic: str = topics.SETTLEMENTS) -> list[dict[str, Any]]:
        """Everything on a topic, in the order of its partitions."""
        return [json.loads(value) for value, _ in self.messages(topic)]

    def messages(self, topic: str) -> list[tuple[bytes, dict[str, bytes]]]:
        """Values and headers of everything on a topic."""
        consumer = Consumer({"bootstrap.servers": self.settings.kafka_bootstrap, "group.id": "rail-test", "enable.auto.commit": False})
        found = []
        for partition in range(1 if topic == topics.FILES else PARTITIONS):
            place = TopicPartition(topic, partition, 0)
            _, end = consumer.get_watermark_offsets(place, timeout=10)
            consumer.assign([place])
            while end:
                message = consumer.poll(10)
                assert message is not None, f"{topic} gives nothing"
                assert message.error() is None
                found.append((message.value() or b"", dict(message.headers() or ())))
                if (message.offset() or 0) + 1 >= end:
                    break
        consumer.close()
        return found  # type: ignore[return-value]

    def file_events(self) -> list[FileEvent]:
        """The rail's own topic."""
        return [filecut.decode(value) for value, _ in self.messages(topics.FILES)]

    def cuts(self) -> list[FileCut]:
        """The cuts in order."""
        return [event for event in self.file_events() if isinstance(event, FileCut)]

    def sent(self) -> list[int]:
        """Numbers of the cuts that are noted as sent."""
        return [event.data.number for event in self.file_events() if isinstance(event, FileSent)]


def due(name: str, number: int, **fields: Any) -> dict[str, Any]:
    """The data of an entry that is due."""
    return {
        "transaction_id": name,
        "attempt": 1,
        "side": "debit",
        "amount": f"{100 + number % 50}.{number % 90 + 10:02d}",
        "currency": "USD",
        "sec_code": "WEB",
        "company_entry_description": "REPAYMENT",
        "hospital_id": f"H{number % 3 + 1:02d}",
        "patient_id": "",
        "instrument": "",
        **fields,
    }


@contextmanager
def rail(settings: Settings, **more: str) -> Iterator["subprocess.Popen[str]"]:
    """The rail as a process; ended with the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "sinks.ach"], env={**environment(settings), **more}, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until(condition: Callable[[], bool], process: "subprocess.Popen[str] | None" = None, seconds: float = 60) -> None:
    """Wait for something; the process must not end meanwhile."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert process is None or process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)


def traces(content: bytes) -> list[str]:
    """Trace numbers of a file's entries, in order."""
    return [entry.trace_number for batch in read(content).file.batches for entry in batch.entries if isinstance(entry, Entry)]
