"""A broker with a journal of its own for the sink's tests, and sinks as processes."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from confluent_kafka import Producer

from cli.stack.broker import Broker
from journal import topics
from journal.reader import ChainReader
from journal.settings import Settings
from ledger import effects as fx
from ledger.record import Entry
from sinks.clickhouse.sink import group
from tests.sinks.records import Journal, entry

PARTITIONS = 2


class World:
    """A broker with a journal of its own, and the chains that were written to it."""

    def __init__(self, broker: Broker, folder: Path) -> None:
        self.broker = broker
        self.bootstrap = broker.bootstrap
        self.folder = folder
        self.journals = [Journal(p) for p in range(PARTITIONS)]
        self.producer = Producer({"bootstrap.servers": broker.bootstrap, "log_level": 0, "enable.idempotence": True})
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


@contextmanager
def running_world() -> Iterator[World]:
    """A world from its broker's start to its stop."""
    with tempfile.TemporaryDirectory(prefix="hms-ach-sink-") as folder, Broker(Path(folder)) as broker:
        yield World(broker, Path(folder) / "sinks")


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
