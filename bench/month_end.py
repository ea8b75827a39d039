"""The month's end: so many instalments due at once, and a crash in the middle. Files within a minute, no entry twice, none missed.

    python -m bench.month_end [entries]

The entries stand in the topic as the relay writes them. Measured is the rail: from the wish for a cut to the note that all files are
sent and every entry is announced; it is ended half way, in the middle of the announcements, and started again.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from confluent_kafka import Consumer, Producer, TopicPartition

from ach.reader import EntryStream
from ach.records import Entry
from ach.validator import preflight
from cli.environment import to_environment
from cli.rail import cut_now, request
from cli.stack.broker import Broker
from journal import failpoint, topics
from journal.settings import Settings
from sinks.ach.folders import Folders

ENTRIES = 200_000
PARTITIONS = 8
SECONDS_MAX = 60.0
PATIENCE_SECONDS = 300.0
CHUNK = 5000


def main() -> None:
    """Run it and print what was measured; exit code 1 when anything is missing, twice, or too slow."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with tempfile.TemporaryDirectory(prefix="hms-ach-month-end-") as folder, Broker(Path(folder) / "broker") as broker:
        settings = Settings(
            data_dir=Path(folder) / "rail", kafka_bootstrap=broker.bootstrap, partitions=PARTITIONS, ach_sandbox=True, log_level="WARNING"
        )
        topics.apply(settings)
        fill(settings, count)
        measured = run(settings)
        found = audit(settings, count)
    passed = all(found.values()) and measured.seconds <= SECONDS_MAX
    print(json.dumps({"entries": count, **measured._asdict(), **found, "passed": passed}, indent=1))
    sys.exit(0 if passed else 1)


def fill(settings: Settings, count: int) -> None:
    """The entries, in transactions as the relay writes them."""
    producer = Producer(settings.kafka(transactional_id="month-end", partitioner="murmur2_random", compression_type="lz4", linger_ms=5))
    producer.init_transactions(30)
    for first in range(0, count, CHUNK):
        producer.begin_transaction()
        for number in range(first, min(first + CHUNK, count)):
            producer.produce(topics.ENTRIES, entry_due(number), f"acct-{number:07d}".encode())
        producer.commit_transaction(30)


def entry_due(number: int) -> bytes:
    """One instalment of one of twelve hospitals."""
    account = f"acct-{number:07d}"
    data = {
        "credit_reference": account,
        "transaction_id": f"month-end-{number:07d}",
        "attempt": 1,
        "side": "debit",
        "amount": f"{50 + number % 400}.{number % 100:02d}",
        "currency": "USD",
        "sec_code": "WEB",
        "company_entry_description": "INSTALMENT",
        "hospital_id": f"H{number % 12 + 1:02d}",
        "patient_id": f"pat-{number:07d}",
        "instrument": "",
    }
    event = {"specversion": "1.0", "id": f"due-{number}", "source": "/hms-ach/ledger", "type": "ach.entry_due.v1", "subject": account}
    return json.dumps({**event, "time": "2026-03-31T14:00:00.000Z", "data": data}).encode()


class Measured(NamedTuple):
    """From the wish to the last note, crash and start again included."""

    seconds: float
    cpu_seconds: float
    """of both rails: on a machine that is busy with other things this says more"""
    peak_mb: int


def run(settings: Settings) -> Measured:
    """Wish for a cut, let the rail crash in the middle, and start it again."""
    environment = {**os.environ, **to_environment(settings)}
    command = [sys.executable, "-m", "sinks.ach"]
    began, used = time.monotonic(), os.times()
    first = subprocess.Popen(command, env={**environment, "HMS_FAILPOINT": "ach-mid-announce:1"})
    request(settings)
    assert first.wait(PATIENCE_SECONDS) == failpoint.EXIT_CODE, "the crash did not come"
    second = subprocess.Popen(command, env=environment)
    try:
        cut_now(settings, PATIENCE_SECONDS)
        seconds = time.monotonic() - began
        status = Path(f"/proc/{second.pid}/status").read_text()
    finally:
        second.terminate()
        second.wait(30)
    now = os.times()
    cpu_s = now.children_user + now.children_system - used.children_user - used.children_system
    peak_mb = next(int(line.split()[1]) // 1000 for line in status.splitlines() if line.startswith("VmHWM"))
    return Measured(round(seconds, 1), round(cpu_s, 1), peak_mb)


def audit(settings: Settings, count: int) -> dict[str, bool]:
    """Whether the files and the announcements hold each entry once."""
    traces: Counter[str] = Counter()
    clean = True
    for path in sorted(Folders(settings.data_dir).outbox.glob("*.ach")):
        content = path.read_bytes()
        clean = clean and not preflight(content)
        traces.update(found.entry.trace_number for found in EntryStream(content) if isinstance(found.entry, Entry))
    announced: dict[str, tuple[str, str]] = {}
    for value in _messages(settings):
        event = json.loads(value)
        announced[event["id"]] = (event["data"]["transaction_id"], event["data"]["trace_number"])
    payments = Counter(payment for payment, _ in announced.values())
    return {
        "files_are_clean": clean,
        "none_missed_in_files": len(traces) == count,
        "none_twice_in_files": set(traces.values()) == {1},
        "none_missed_in_announcements": set(payments) == {f"month-end-{number:07d}" for number in range(count)},
        "none_twice_in_announcements": set(payments.values()) == {1},
        "announced_as_sent": {trace for _, trace in announced.values()} == set(traces),
    }


def _messages(settings: Settings) -> list[bytes]:
    consumer = Consumer(settings.kafka(group_id="month-end-audit", enable_auto_commit=False, enable_partition_eof=True))
    consumer.assign([TopicPartition(topics.SETTLEMENTS, partition, 0) for partition in range(PARTITIONS)])
    found: list[bytes] = []
    ended = 0
    while ended < PARTITIONS:
        for message in consumer.consume(5000, 0.5):
            if message.error() is not None:
                ended += 1
            else:
                value = message.value()
                found.append(value.encode() if isinstance(value, str) else value or b"")
    consumer.close()
    return found


if __name__ == "__main__":
    main()
