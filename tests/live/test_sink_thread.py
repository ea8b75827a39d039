"""The sink as a thread beside its readers: trouble with ClickHouse, with the broker, and with sharing the work."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError
from confluent_kafka import Consumer, TopicPartition
from prometheus_client import CollectorRegistry

from journal import reader
from journal.chain import ChainError, Place
from journal.reader import ChainReader, read_to_end
from sinks.clickhouse.database import Database
from sinks.clickhouse.rebuild import FACTS
from sinks.clickhouse.sink import ClickHouseSink, group
from tests.live.sink_world import PARTITIONS, World, expected, running_world

pytestmark = pytest.mark.live


class FlakyClient:
    """A connection whose inserts fail while `trouble` is set, before or after the engine has taken them."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.trouble: Exception | None = None
        self.too_late = False
        self.refused = 0

    def raw_insert(self, *args: Any, **options: Any) -> Any:
        """The engine's answer, or trouble."""
        if self.trouble is not None and not self.too_late:
            self.refused += 1
            raise self.trouble
        answer = self._client.raw_insert(*args, **options)
        if self.trouble is not None:
            self.refused += 1
            raise self.trouble
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


class FlakyDatabase(Database):
    """A database whose connections can be troubled."""

    def client(self) -> Client:
        self.flaky = FlakyClient(super().client())
        return self.flaky  # type: ignore[return-value]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running_world() as found:
        for n in range(8):
            found.payment(n % PARTITIONS)
        yield found


@pytest.fixture
def database(world: World, request: pytest.FixtureRequest) -> Iterator[FlakyDatabase]:
    with FlakyDatabase(world.settings(re.sub("[^a-z]+", "_", request.node.name))) as opened:
        yield opened


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def all_stored(world: World, *sinks: ClickHouseSink) -> bool:
    ends = {p: len(journal.records) - 1 for p, journal in enumerate(world.journals)}
    found = [p for sink in sinks for p, sequence in sink.stored().items() if sequence == ends[p]]
    return sorted(found) == sorted(ends)


def counts(client: Client) -> dict[str, int]:
    """Rows of each table; each position is there once."""
    found = {}
    for table in FACTS:
        position = "sequence" if table == "journal_records" else "position"
        rows, positions = client.query(f"SELECT count(), uniqExact(partition, {position}) FROM {table}").result_rows[0]
        assert rows == positions, table
        found[table] = rows
    return {table: rows for table, rows in found.items() if rows}


TROUBLE = """
when                 what is stored when the error comes
before the insert    nothing
after the insert     the table's share, but nobody was told
"""


@pytest.mark.parametrize("line", TROUBLE.strip().splitlines()[1:], ids=["before", "after"])
def test_trouble_that_passes_costs_time_and_no_row(world: World, database: FlakyDatabase, line: str) -> None:
    registry = CollectorRegistry()
    sink = ClickHouseSink(world.settings(database.name), database, registry=registry)
    flaky = database.flaky
    flaky.trouble, flaky.too_late = DatabaseError("Too many parts", code=252), line.startswith("after")
    sink.start()
    until(lambda: flaky.refused >= 3)
    assert not sink.healthy().ok
    assert re.match(r"a block could not be stored \d+ times: Too many parts; trying again", sink.healthy().text)
    world.payment(0)
    flaky.trouble = None
    until(lambda: all_stored(world, sink))
    assert sink.healthy() == (True, "storing")
    sink.stop()
    assert sink.error is None
    assert counts(database.client()) == expected(world)
    stored = registry.get_sample_value("hms_sink_rows_total", {"table": "journal_records"})
    assert stored == world.records
    assert (registry.get_sample_value("hms_sink_retries_total") or 0) >= 3
    assert registry.get_sample_value("hms_sink_lag_records", {"partition": "0"}) == 0


def test_an_error_that_waiting_does_not_mend_stops_the_sink(world: World, database: FlakyDatabase) -> None:
    sink = ClickHouseSink(world.settings(database.name), database)
    database.flaky.trouble = DatabaseError("Table does not exist", code=60)
    sink.start()
    assert sink.wait(60)
    assert sink.error is database.flaky.trouble
    assert sink.healthy() == (False, "the sink has stopped: Table does not exist")
    again = ClickHouseSink(world.settings(database.name), database)
    again.start()
    until(lambda: all_stored(world, again))
    again.stop()
    assert counts(database.client()) == expected(world)


def test_a_sink_that_is_not_running_is_not_healthy(world: World, database: FlakyDatabase) -> None:
    sink = ClickHouseSink(world.settings(database.name), database)
    assert sink.healthy() == (False, "the sink is not running")
    sink.stop()


def test_two_sinks_share_the_work_and_one_takes_over(world: World, database: FlakyDatabase) -> None:
    sinks = [ClickHouseSink(world.settings(database.name, worker_index=str(n)), database) for n in range(2)]
    for sink in sinks:
        sink.start()
    until(lambda: all(sink.stored() for sink in sinks))
    for n in range(6):
        world.payment(n % PARTITIONS)
    until(lambda: all_stored(world, *sinks))
    assert all(sink.error is None for sink in sinks)
    for sink in sinks:
        sink.stop()
    assert counts(database.client()) == expected(world)


def test_the_broker_goes_away_and_comes_back(world: World, database: FlakyDatabase) -> None:
    sink = ClickHouseSink(world.settings(database.name), database)
    sink.start()
    until(lambda: all_stored(world, sink))
    world.broker.kill()
    time.sleep(2)
    world.broker.start()
    for n in range(4):
        world.payment(n % PARTITIONS)
    until(lambda: all_stored(world, sink))
    sink.stop()
    assert sink.error is None
    assert counts(database.client()) == expected(world)


def test_a_commit_that_is_never_answered_costs_a_new_client_and_no_row(
    world: World, database: FlakyDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As librdkafka did after a broker that had been very slow: the sink stood still for good."""
    stuck: list[Consumer] = []
    never = threading.Event()

    class Stuck(Consumer):
        def commit(self, *args: Any, **options: Any) -> Any:
            if not stuck:
                stuck.append(self)
                never.wait()
            return super().commit(*args, **options)

    monkeypatch.setattr(reader, "Consumer", Stuck)
    monkeypatch.setattr(reader, "_ANSWER_SECONDS", 3.0)
    sink = ClickHouseSink(world.settings(database.name), database)
    sink.start()
    until(lambda: all_stored(world, sink))
    counts(database.client())
    never.set()
    sink.stop()
    assert len(stuck) == 1


def test_a_gap_in_the_journal_stops_the_sink(world: World, database: FlakyDatabase) -> None:
    settings = world.settings(database.name)
    with ChainReader(settings, group(settings)) as reader:
        reader.commit(0, Place(1))  # as if record 0 had never been there
        reader.commit(1, Place())
    sink = ClickHouseSink(settings, database)
    sink.start()
    assert sink.wait(60)
    assert isinstance(sink.error, ChainError)
    assert "journal partition 0, offset 1: record 1 follows on record -1: records are missing" in str(sink.error)


def test_the_reader_gives_the_whole_chain_and_resumes_inside_it(world: World) -> None:
    world.zombie(0)
    world.payment(0)
    settings = world.settings("reader")
    found = list(read_to_end(settings, {p: Place() for p in range(PARTITIONS)}))
    for p, journal in enumerate(world.journals):
        assert [accepted.value for accepted in found if accepted.partition == p] == [accepted.value for accepted in journal.records]
    middle = world.journals[1].records[1]
    assert [one.sequence for one in read_to_end(settings, {1: middle.place})] == list(range(2, len(world.journals[1].records)))
    with ChainReader(settings, "resumes") as reader:
        assert reader.committed([0, 1]) == {0: None, 1: None}
        reader.commit(1, middle.place, "a note")
        assert reader.committed([1]) == {1: (middle.place, "a note")}


def test_what_was_paused_when_it_was_taken_away_is_read_when_it_comes_back(world: World) -> None:
    with ChainReader(world.settings("paused")) as reader:
        for _ in range(2):
            reader.start({0: Place()})
            until(lambda: bool(reader.read(0.2)))
            reader.pause([0])


def test_an_offset_that_something_else_committed_is_refused(world: World) -> None:
    settings = world.settings("foreign")
    consumer = Consumer(settings.kafka(group_id="foreign"))
    consumer.commit(offsets=[TopicPartition("ledger.journal.v1", 0, 2)], asynchronous=False)
    consumer.close()
    with ChainReader(settings, "foreign") as reader, pytest.raises(ChainError, match="offset 2: the committed offset has no mark"):
        reader.committed([0])


def test_an_offset_that_the_journal_does_not_hold_is_an_error(world: World) -> None:
    with ChainReader(world.settings("beyond")) as reader:
        reader.start({0: Place(10_000)})
        with pytest.raises(ChainError, match=r"offset 10000: the journal no longer holds this offset"):
            until(lambda: bool(reader.read(0.2)))
