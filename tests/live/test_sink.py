"""The sink as a process, on a real broker and the real engine: exact blocks, kills in every gap, zombies, rebuild."""

import json
import re
from collections.abc import Iterator

import httpx2
import pytest

from cli.stack.ports import Ports
from journal.failpoint import EXIT_CODE
from journal.settings import Settings
from tests.live.sink_world import (
    COUNTS,
    PARTITIONS,
    World,
    counts,
    expected,
    run,
    running_world,
    sink_process,
    until_stored,
    wait_for_places,
)

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running_world() as found:
        yield found


def test_every_effect_is_stored_once_and_a_zombies_is_not(world: World) -> None:
    with Ports() as ports:
        settings = world.settings("plain", sink_metrics_port=str(ports.choose(0)))
    for n in range(40):
        world.payment(n % 2)
        if n in {1, 12, 30}:
            world.zombie(0)
    until_stored(world, settings)
    assert counts(settings) == expected(world)
    assert "zombie" not in run(settings, "print(client.query('SELECT about FROM ledger_entries').result_rows)")
    for n in range(6):
        world.payment(n % 2)
    with sink_process(settings) as sink:
        wait_for_places(world, settings, sink)
        told = httpx2.get(f"http://127.0.0.1:{settings.sink_metrics_port}/metrics").text
        sink.terminate()
        assert sink.wait(30) == 0
    assert counts(settings) == expected(world)
    assert 'hms_sink_rows_total{table="ledger_entries"} 6.0' in told
    assert re.search(r"^hms_event_visible_seconds_count [1-9]", told, re.MULTILINE)


GAPS = """
failpoint                where the sink dies
sink-after-intent        the block is announced, nothing is stored
sink-between-tables:0    one table has its share
sink-between-tables:3    four tables have theirs, journal_records not
sink-after-insert        all is stored, nothing committed
sink-before-commit:1     the same, one block later
"""


def test_crashes_in_every_gap_neither_lose_nor_repeat_a_row(world: World) -> None:
    settings = world.settings("gaps")
    for line in GAPS.strip().splitlines()[1:]:
        world.payment(0)  # the journal goes on while the sink is down, the block that was offered must not grow
        world.payment(1)
        with sink_process(settings.model_copy(update={"failpoint": line.split()[0]})) as sink:
            assert sink.wait(60) == EXIT_CODE, line
    until_stored(world, settings)
    assert counts(settings) == expected(world)


def crash_with(settings: Settings, failpoints: str) -> None:
    """A sink that makes a mistake, killed in the gap where it matters."""
    with sink_process(settings.model_copy(update={"failpoint": failpoints})) as sink:
        assert sink.wait(60) == EXIT_CODE


def test_a_random_token_would_be_seen(world: World) -> None:
    settings = world.settings("random_token")
    crash_with(settings, "mutant:sink-random-token,sink-after-insert")
    until_stored(world, settings)
    rows, positions = json.loads(run(settings, COUNTS))["inputs"]
    assert rows > positions


def test_a_commit_before_the_insert_would_be_seen(world: World) -> None:
    settings = world.settings("commit_first")
    crash_with(settings, "mutant:sink-commit-first,sink-before-insert")
    with sink_process(settings) as sink:
        _, errors = sink.communicate(timeout=60)
        assert sink.returncode == 1
        assert "disagree on journal partition" in errors


def test_a_rebuild_gives_the_same_tables(world: World) -> None:
    settings = world.settings("rebuilt")
    until_stored(world, settings)
    program = """
import json
from sinks.clickhouse.rebuild import fingerprint, rebuild
seen = []
before = fingerprint(client)
client.command("ALTER TABLE ledger_entries DELETE WHERE position % 3 = 0 SETTINGS mutations_sync = 1")
changed = fingerprint(client)
after = rebuild(settings, database, lambda done, whole: seen.append((done, whole)))
print(json.dumps([before, changed, after, seen[-1]]))
"""
    before, changed, after, last = json.loads(run(settings, program))
    assert before["ledger_entries"] != changed["ledger_entries"]
    assert before == after
    assert last[1] >= last[0] > 0
    assert counts(settings) == expected(world)
    world.payment(0)
    until_stored(world, settings)
    assert counts(settings) == expected(world)


def test_tables_that_were_lost_are_noticed(world: World) -> None:
    settings = world.settings("lost")
    until_stored(world, settings)
    run(settings, "client.command('TRUNCATE TABLE journal_records')")
    with sink_process(settings) as sink:
        _, errors = sink.communicate(timeout=60)
        assert sink.returncode == 1
        assert "hms-ach rebuild" in errors


def test_the_second_process_is_told_whose_the_folder_is(world: World) -> None:
    settings = world.settings("shared")
    program = f"""
import subprocess, sys, os
second = subprocess.run([sys.executable, "-m", "sinks.clickhouse"], capture_output=True, text=True)
assert second.returncode == 1
assert f"is open in process {{os.getpid()}}" in second.stderr, second.stderr
assert "Traceback" not in second.stderr
print("told", {PARTITIONS})
"""
    assert run(settings, program).startswith("told")
