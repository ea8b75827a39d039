"""The embedded broker as a process: starts, keeps its data, makes way, and says clearly why it does not start."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from cli.errors import UserError
from cli.stack import ports
from cli.stack.broker import Broker

pytestmark = pytest.mark.live


def _create_topic(bootstrap: str, name: str) -> None:
    topic = NewTopic(name, num_partitions=1, replication_factor=1, config={"max.message.bytes": str(11 * 1024 * 1024)})
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([topic])[name].result(10)


def _write(bootstrap: str, topic: str, *values: bytes) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "message.max.bytes": 11 * 1024 * 1024})
    for value in values:
        producer.produce(topic, value)
    assert producer.flush(20) == 0


def _read(bootstrap: str, topic: str, count: int) -> list[bytes]:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "test", "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, 0, 0)])
    messages = consumer.consume(count, timeout=20)
    consumer.close()
    return [message.value() or b"" for message in messages]


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far: what its start takes on one idle core, whatever else the machine does."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_cached_broker_is_ready_within_15_seconds_and_takes_a_10_mb_message(tmp_path: Path) -> None:
    with Broker(tmp_path) as broker:
        assert broker.pid is not None
        assert cpu_seconds(broker.pid) < 15
        _create_topic(broker.bootstrap, "large")
        _write(broker.bootstrap, "large", b"x" * 10_000_000)
        assert [len(value) for value in _read(broker.bootstrap, "large", 1)] == [10_000_000]


def test_data_and_ports_survive_a_stop_and_a_kill(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    broker.start()
    try:
        bootstrap = broker.bootstrap
        _create_topic(bootstrap, "kept")
        _write(bootstrap, "kept", b"before the stop")
        broker.stop()
        broker.start()
        _write(bootstrap, "kept", b"before the kill")
        broker.kill()
        broker.start()
        assert broker.bootstrap == bootstrap
        assert _read(bootstrap, "kept", 2) == [b"before the stop", b"before the kill"]
    finally:
        broker.stop()


def test_a_taken_port_gives_way_to_a_free_one_and_two_brokers_run_side_by_side(tmp_path: Path) -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as other, Broker(tmp_path / "a") as first:
        taken = other.getsockname()[1]
        with Broker(tmp_path / "b", port=taken) as second:
            assert len({str(taken), *(each.bootstrap.split(":")[1] for each in (first, second))}) == 3
            _create_topic(second.bootstrap, "mine")
            assert "mine" not in AdminClient({"bootstrap.servers": first.bootstrap}).list_topics(timeout=10).topics


def test_a_second_process_on_the_same_folder_is_told_who_owns_it(tmp_path: Path) -> None:
    program = f"from pathlib import Path; from cli.stack.broker import Broker; Broker(Path({str(tmp_path)!r})).start()"
    with Broker(tmp_path):
        second = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert second.returncode != 0
    assert f"{tmp_path} is in use by process {os.getpid()}: stop that one" in second.stderr


def test_the_broker_dies_with_the_process_that_started_it_even_by_sigkill(tmp_path: Path) -> None:
    program = (
        "import json, os, signal, sys; from pathlib import Path; from cli.stack.broker import Broker\n"
        f"broker = Broker(Path({str(tmp_path)!r})); broker.start()\n"
        "print(json.dumps([broker.pid, broker.bootstrap]), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    starter = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    pid, bootstrap = json.loads(starter.stdout)
    deadline = time.monotonic() + 30
    while ports.answers(int(bootstrap.split(":")[1])) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text()
    with Broker(tmp_path):  # nothing is left in the way of the next start
        pass


def test_a_broker_that_dies_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    with Broker(tmp_path) as broker:
        folder = tmp_path / "kafka" / "data"
        broker.stop()
        (folder / "meta.properties").write_text("version=1\nnode.id=7\ncluster.id=someone-elses-cluster00\n")
        with pytest.raises(UserError, match=r"did not start; the end of .*broker\.log:\n"):
            broker.start()
