"""The command, as `hms-ach demo` starts it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simulator import state
from simulator.live import begin
from simulator.run import Codec
from simulator.sender import CODECS

pytestmark = pytest.mark.live


def start(broker: str, folder: Path, *options: str) -> "subprocess.Popen[str]":
    """The command as a process of its own."""
    environment = {**os.environ, "HMS_KAFKA_BOOTSTRAP": broker, "HMS_DATA_DIR": str(folder), "HMS_PARTITIONS": "2"}
    command = [sys.executable, "-m", "simulator.run", *options]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_every_codec_of_kafka_can_be_chosen() -> None:
    assert tuple(codec.value for codec in Codec) == CODECS


@pytest.mark.parametrize("codec", CODECS)
def test_a_standalone_run_sends_as_many_messages_as_it_is_told(broker: str, tmp_path: Path, codec: str) -> None:
    process = start(broker, tmp_path, "--standalone", "--max", "--events", "400", "--accounts", "50", "--codec", codec)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.startswith("400 messages in ")


def test_an_open_loop_tells_how_late_it_was(broker: str, tmp_path: Path) -> None:
    process = start(broker, tmp_path, "--standalone", "--rate", "400", "--events", "200", "--accounts", "50", "--start", "2025-03-03")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.startswith("Lateness(events=200, ")


def test_sigterm_stops_it_in_order_and_keeps_its_place(broker: str, tmp_path: Path) -> None:
    process = start(broker, tmp_path, "--accounts", "5", "--months", "1", "--history-seconds", "5")
    while state.load(tmp_path) is None and process.poll() is None:
        time.sleep(0.1)
    process.terminate()
    asked = time.monotonic()
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert time.monotonic() - asked < 3
    assert "Use case 5.1" in out
    saved = state.load(tmp_path)
    assert saved is not None
    assert saved.position_ms > saved.start_ms


def test_another_simulation_in_the_folder_is_one_clear_sentence(broker: str, tmp_path: Path) -> None:
    state.save(tmp_path, begin(3, 10, 4, 0, 1))
    process = start(broker, tmp_path, "--seed", "4")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "holds the simulation --seed 3 --accounts 10 --months 4" in err
