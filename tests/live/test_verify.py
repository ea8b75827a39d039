"""`hms-ach verify`, `rebuild` and `dlq` on a real stack: broker, worker, sink."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Producer

from bench.stack import Running, running
from journal.settings import Settings
from journal.topics import PAYMENTS
from simulator import load

pytestmark = pytest.mark.live

PAYMENTS_SENT = 300


def hms(folder: Path, *words: str, expect: int = 0, **more: str) -> str:
    """What a command on this data folder says, on standard error if nothing else."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HMS_")}
    done = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", *words],
        env={**environment, "HMS_DATA_DIR": str(folder), **more},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout or done.stderr


def feed(settings: Settings) -> None:
    producer = Producer(settings.kafka(partitioner="murmur2_random", enable_idempotence=True))
    for topic, key, value in load.payments(1, 50, PAYMENTS_SENT):
        producer.produce(topic, value, key)
    producer.produce(PAYMENTS, b"{broken", b"CR-broken")
    producer.flush(30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("verify")


@pytest.fixture(scope="module")
def stack(folder: Path) -> Iterator[Running]:
    with running(1, {"HMS_TICK_INTERVAL_MS": "0"}, folder) as up:
        feed(Settings(kafka_bootstrap=up.state.kafka_bootstrap))
        up.wait_stored(load.events_of(50, PAYMENTS_SENT) + 1)
        yield up


def test_everything_agrees_and_adds_up(stack: Running, folder: Path) -> None:
    report = json.loads(hms(folder, "verify", "--json"))
    assert report["ok"], report["findings"]
    assert report["postings"] == 2 * PAYMENTS_SENT
    assert sum(report["debits"].values()) == sum(report["credits"].values()) == report["posted_cents"]
    outcomes = {(row["topic"], row["outcome"]): row["inputs"] for row in report["outcomes"]}
    assert outcomes["credit.payments.v1", "dead"] == 1
    assert sum(outcomes.values()) == load.events_of(50, PAYMENTS_SENT) + 1


def test_who_counts_other_partitions_proves_nothing(stack: Running, folder: Path) -> None:
    assert "Set HMS_PARTITIONS=8;" in " ".join(hms(folder, "verify", expect=1, HMS_PARTITIONS="4").split())


def test_a_dead_letter_is_listed_shown_sent_again_and_discarded(stack: Running, folder: Path) -> None:
    [letter] = json.loads(hms(folder, "dlq", "list", "--json"))
    assert letter["code"] == "MALFORMED_JSON"
    assert "broken" not in hms(folder, "dlq", "show", letter["letter"])
    assert json.loads(hms(folder, "dlq", "show", letter["letter"], "--purpose", "a test", "--json"))["value"] == "{broken"
    hms(folder, "dlq", "replay", letter["letter"])
    stack.wait_stored(load.events_of(50, PAYMENTS_SENT) + 2)
    [again] = json.loads(hms(folder, "dlq", "list", "--json"))
    assert again["letter"] != letter["letter"]
    hms(folder, "dlq", "discard", "--code", "MALFORMED_JSON")
    assert json.loads(hms(folder, "dlq", "list", "--json")) == []
    hms(folder, "dlq", "discard", again["letter"], expect=1)


def test_a_rebuild_starts_kafka_itself(stack: Running, folder: Path) -> None:
    stack.stop()
    made = json.loads(hms(folder, "rebuild", "--json"))
    assert made["checkpoints"] == 51  # fifty accounts, and what is in force for the partition of the dead letter
