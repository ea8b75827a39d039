from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from journal.settings import Settings
from ledger.events import RolloutChanged
from ledger.wire import decode_clock
from sinks.ach.kafka import Outlet
from sinks.ach.lineage import Answer, Lineage, SentEntry
from sinks.ach.monitor import Monitor, standings

TODAY = datetime(2026, 6, 1, 18, tzinfo=UTC)

RATES = """
days ago | debits | returns           | unauthorized | administrative | overall
10       | 1000   |                   | ok           | ok             | ok
10       | 1000   | 3 R10             | warning_60   | ok             | ok
10       | 1000   | 4 R10             | warning_80   | ok             | ok
10       | 1000   | 5 R10             | warning_80   | ok             | ok
10       | 1000   | 6 R10             | breach       | ok             | ok
10       | 1000   | 18 R02            | ok           | warning_60     | ok
10       | 1000   | 31 R03            | ok           | breach         | ok
10       | 1000   | 90 R01            | ok           | ok             | warning_60
10       | 1000   | 6 R29, 145 R01    | breach       | ok             | breach
59       | 1000   | 6 R10             | breach       | ok             | ok
60       | 1000   | 6 R10             | -            | -              | -
"""


class Recorder:
    """Stands where Kafka does."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.clock: list[tuple[int | None, bytes]] = []

    def send(self, topic: str, key: bytes | None, value: bytes, headers: object = None, partition: int | None = None) -> None:
        if topic == "hms.clock.v1":
            self.clock.append((partition, value))
            return
        assert topic == "risk.alerts.v1"
        self.sent.append(msgspec.json.decode(value))

    def flush(self) -> None:
        """Nothing waits here."""


@pytest.fixture
def lineage(tmp_path: Path) -> Iterator[Lineage]:
    with Lineage(tmp_path / "l.db") as found:
        yield found


def originate(lineage: Lineage, cut: int, day: date, count: int) -> None:
    first = SentEntry("", cut, "f", 1, "acct", "", 1, 100, True, "WEB", "123", "H01", day, day)
    lineage.add_cut(cut, (first._replace(trace_number=f"{cut:08d}{n:07d}", transaction_id=f"tx-{cut}-{n}") for n in range(count)))


def come_back(lineage: Lineage, cut: int, first: int, code: str, count: int) -> None:
    day = date(2026, 6, 1)
    numbers = range(first, first + count)
    lineage.add_answers(Answer(f"{cut}/{n}/{code}", f"{cut:08d}{n:07d}", cut, "return", code, day, "sha") for n in numbers)


@pytest.mark.parametrize("line", RATES.strip().splitlines()[1:])
def test_levels_of_the_three_rates(lineage: Lineage, line: str) -> None:
    ago, debits, returns, *levels = (cell.strip() for cell in line.split("|"))
    originate(lineage, 1, TODAY.date() - timedelta(days=int(ago)), int(debits))
    first = 0
    for part in filter(None, returns.split(", ")):
        count, code = part.split()
        come_back(lineage, 1, first, code, int(count))
        first += int(count)
    found = [one.rate.level.value for one in standings(lineage, TODAY.date())]
    assert (found or ["-", "-", "-"]) == levels


def test_an_alert_is_raised_once_for_each_level_on_the_way_up(lineage: Lineage) -> None:
    recorder = Recorder()
    monitor = Monitor(lineage, cast("Outlet", recorder), Settings())
    originate(lineage, 1, TODAY.date(), 1000)
    assert monitor.look(TODAY) == []
    come_back(lineage, 1, 0, "R10", 3)
    monitor.look(TODAY)
    monitor.look(TODAY)
    come_back(lineage, 1, 3, "R10", 3)
    monitor.look(TODAY)
    assert [event["data"]["level"] for event in recorder.sent] == ["warning_60", "breach"]
    assert "2 more" not in str(recorder.sent[1]["data"])
    originate(lineage, 2, TODAY.date(), 1000)
    monitor.look(TODAY)
    come_back(lineage, 2, 0, "R10", 5)
    monitor.look(TODAY + timedelta(days=1))
    assert [event["data"]["level"] for event in recorder.sent] == ["warning_60", "breach", "breach"]
    assert len({event["id"] for event in recorder.sent}) == 3


def test_it_says_how_many_returns_are_left(lineage: Lineage) -> None:
    recorder = Recorder()
    originate(lineage, 1, TODAY.date(), 1000)
    come_back(lineage, 1, 0, "R10", 4)
    Monitor(lineage, cast("Outlet", recorder), Settings()).look(TODAY)
    [event] = recorder.sent
    assert "4 of 1000 debits in 60 days are 0.40 %; Nacha's threshold is 0.50 %. 2 more returns exceed it." in str(event["data"])


@pytest.mark.parametrize("holds", [False, True])
def test_a_breach_holds_new_debits_where_that_is_wished(lineage: Lineage, holds: bool) -> None:
    recorder = Recorder()
    monitor = Monitor(lineage, cast("Outlet", recorder), Settings(partitions=2, ach_hold_on_breach=holds))
    originate(lineage, 1, TODAY.date(), 1000)
    come_back(lineage, 1, 0, "R10", 5)
    monitor.look(TODAY)
    assert not recorder.clock, "a warning is no breach"
    come_back(lineage, 1, 5, "R10", 1)
    monitor.look(TODAY)
    monitor.look(TODAY)
    assert [partition for partition, _ in recorder.clock] == ([0, 1] if holds else [])
    for _, value in recorder.clock:
        event = decode_clock(value)
        assert isinstance(event, RolloutChanged), event
        assert (event.data.hospital_id, event.data.phase) == ("H01", "debits_held")
