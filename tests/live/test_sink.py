"""The sink on a real broker and the real engine: exact blocks, kills in every gap, zombies, rebuild."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from confluent_kafka import Producer

from cli.stack.broker import Broker
from journal import topics
from journal.failpoint import EXIT_CODE
from journal.reader import ChainReader
from journal.settings import Settings
from ledger import effects as fx
from ledger.record import Entry
from sinks.clickhouse.sink import group
from tests.sinks.records import Journal, entry

pytestmark = pytest.mark.live
PARTITIONS = 2


class World:
    """A broker with a journal of its own, and the chains that were written to it."""

    def __init__(self, bootstrap: str, folder: Path) -> None:
        self.bootstrap = bootstrap
        self.folder = folder
        self.journals = [Journal(p) for p in range(PARTITIONS)]
        self.producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True})
        self.payments = 0
        topics.apply(self.settings("none"), [spec for spec in topics.specs() if spec.name == topics.JOURNAL])

    def settings(self, database: str, **more: str) -> Settings:
        """Settings of a sink with a database of its own, which starts from the journal's beginning."""
        return Settings.model_validate(
            {
                "data_dir": self.folder / database,
                "kafka_bootstrap": self.bootstrap,
                "partitions": PARTITIONS,
                "clickhouse_database": database,
                **more,
            }
        )

    def send(self, partition: int, value: bytes) -> None:
        """One message in the journal's topic."""
        self.producer.produce(topics.JOURNAL, value, partition=partition)
        assert self.producer.flush(10) == 0

    def payment(self, partition: int) -> None:
        """A record with one payment: received, decided, two postings."""
        self.payments += 1
        journal = self.journals[partition]
        self.send(partition, journal.append(*payment(self.payments)).value)

    def zombie(self, partition: int) -> None:
        """A record that lost: it continues from an earlier place of the chain."""
        journal = self.journals[partition]
        late = Journal(partition)
        late.place = journal.records[-2].place if len(journal.records) > 1 else late.place
        value = late.value([entry(fx.Posted("cash", "suspense", 1, "h", "zombie"), offset=999)])
        self.send(partition, value)
        journal.skip(value)

    @property
    def records(self) -> int:
        """Records on all chains."""
        return sum(len(journal.records) for journal in self.journals)


def payment(number: int) -> list[Entry]:
    """Entries of one payment."""
    name = f"pay-{number}"
    return [
        entry(
            fx.PaymentInitiated(name, "disbursement", 100_000, "hospital-1", "patient-1"),
            fx.Decided(name, "approved", "default@1", explanation="No rule fired."),
            fx.Posted("hospital_payable", "ach_in_transit", 100_000, "hospital-1", name, "disbursement approved"),
            fx.EntryDue(name, 1, "credit", 100_000, "CCD", "CREDIT", "hospital-1"),
            offset=2 * number,
        ),
        entry(fx.Refused("DUPLICATE", name), offset=2 * number + 1),
    ]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with tempfile.TemporaryDirectory(prefix="hms-ach-sink-") as folder, Broker(Path(folder)) as broker:
        yield World(broker.bootstrap, Path(folder) / "sinks")


def environment(settings: Settings) -> dict[str, str]:
    given = settings.model_dump(mode="json", exclude_unset=True)
    texts = {f"HMS_{name.upper()}": value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    return {**os.environ, **texts}


@contextmanager
def sink_process(settings: Settings) -> Iterator["subprocess.Popen[str]"]:
    """The sink as a process; the engine lives and dies with it. Ended, by force if need be, with the block."""
    command = [sys.executable, "-m", "sinks.clickhouse"]
    with subprocess.Popen(command, env=environment(settings), stderr=subprocess.PIPE, text=True) as sink:
        try:
            yield sink
        finally:
            sink.kill()


HEAD = """
from journal.settings import Settings
from sinks.clickhouse.database import Database
settings = Settings()
database = Database(settings)
client = database.client()
"""


def run(settings: Settings, program: str) -> str:
    """What a Python program prints; it finds `settings`, `database` and `client`."""
    command = [sys.executable, "-c", f"{HEAD}{program}\ndatabase.close()"]
    done = subprocess.run(command, env=environment(settings), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


COUNTS = """
import json
from sinks.clickhouse.rebuild import FACTS
found = {}
for table in FACTS:
    position = 'sequence' if table == 'journal_records' else 'position'
    found[table] = client.query(f'SELECT count(), uniqExact(partition, {position}) FROM {table}').result_rows[0]
print(json.dumps(found))
"""


def counts(settings: Settings) -> dict[str, int]:
    """Rows of each table, without FINAL; each position is there once."""
    found = json.loads(run(settings, COUNTS))
    assert all(rows == positions for rows, positions in found.values()), found
    return {table: rows for table, (rows, _) in found.items() if rows}


def until_stored(world: World, settings: Settings) -> None:
    """Run a sink until it has committed everything the journal holds, then stop it in good order."""
    with sink_process(settings) as sink:
        wait_for_places(world, settings, sink)
        sink.terminate()
        _, errors = sink.communicate(timeout=30)
    assert sink.returncode == 0, errors


def wait_for_places(world: World, settings: Settings, sink: "subprocess.Popen[str]") -> None:
    """Wait until the sink's committed places are the ends of the chains."""
    ends = {p: (journal.place.link, "") for p, journal in enumerate(world.journals) if journal.records}
    deadline = time.monotonic() + 60
    with ChainReader(settings, group(settings)) as reader:
        while time.monotonic() < deadline:
            assert sink.poll() is None, sink.communicate()[1]
            places = {p: (held[0].link, held[1]) for p, held in reader.committed(ends).items() if held}
            if places == ends:
                return
            time.sleep(0.1)
    raise AssertionError(f"the sink did not get there: {places}")


def expected(world: World) -> dict[str, int]:
    """Rows of each table for the payments so far."""
    return {
        "journal_records": world.records,
        "inputs": 2 * world.payments,
        "payment_events": 2 * world.payments,
        "ledger_entries": world.payments,
        "deliveries": world.payments,
        "refusals": world.payments,
    }


def test_every_effect_is_stored_once_and_a_zombies_is_not(world: World) -> None:
    settings = world.settings("plain")
    for n in range(40):
        world.payment(n % 2)
        if n in {1, 12, 30}:
            world.zombie(0)
    until_stored(world, settings)
    assert counts(settings) == expected(world)
    assert "zombie" not in run(settings, "print(client.query('SELECT about FROM ledger_entries').result_rows)")
    for n in range(6):
        world.payment(n % 2)
    until_stored(world, settings)
    assert counts(settings) == expected(world)


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


def crash_with(settings: Settings, mistake: str, gap: str) -> None:
    """A sink that makes a mistake, killed in a gap."""
    program = f"""
import os
from sinks.clickhouse import sink as module
module.mutant = lambda _settings, name: name == {mistake!r}
module.hit = lambda _settings, name: os._exit({EXIT_CODE}) if name == {gap!r} else None
sink = module.ClickHouseSink(settings, database)
sink.start()
sink.wait(60)
"""
    done = subprocess.run([sys.executable, "-c", HEAD + program], env=environment(settings), timeout=90)
    assert done.returncode == EXIT_CODE


def test_a_random_token_would_be_seen(world: World) -> None:
    settings = world.settings("random_token")
    crash_with(settings, "sink-random-token", "sink-after-insert")
    until_stored(world, settings)
    rows, positions = json.loads(run(settings, COUNTS))["inputs"]
    assert rows > positions


def test_a_commit_before_the_insert_would_be_seen(world: World) -> None:
    settings = world.settings("commit_first")
    crash_with(settings, "sink-commit-first", "sink-before-insert")
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
