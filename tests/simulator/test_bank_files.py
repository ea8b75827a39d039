"""The bank sandbox without Kafka: what it makes of files of ours."""

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from ach.inbound import InboundFile, InboundItem
from ach.notices import Correction
from ach.routing import is_routing_number
from simulator.bank_files import SandboxBank
from simulator.bank_patterns import PatternError, parse
from sinks.ach.folders import Folders, place
from tests.sinks.ach.told import MONDAY, Rail, due


class Day:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


def delivered(folders: Folders, amounts: list[int], first: int = 0) -> bytes:
    """A file of ours in the outbox."""
    rail = Rail()
    rail.wait([due(first + number, cents=cents) for number, cents in enumerate(amounts)])
    cut = rail.cut({"H01"})
    [content] = cut.made.files
    place(folders.outbox / cut.made.summaries[0].name, content)
    return content


def inbox(folders: Folders, pattern: str) -> list[Path]:
    return sorted(folders.inbox.glob(pattern))


def items(folders: Folders) -> list[InboundItem]:
    return [item for path in inbox(folders, "*.ach") for item in InboundFile(path.read_bytes())]


def test_a_file_settles_on_its_day_and_comes_back_after_it(tmp_path: Path) -> None:
    clock, folders = Day(), Folders(tmp_path)
    bank = SandboxBank(tmp_path, clock)
    delivered(folders, [10_000, 17_701, 27_802])
    assert bank.step().taken == 1
    assert not inbox(folders, "*.csv")
    clock.now = datetime(2026, 3, 3, 13, 29, tzinfo=UTC)
    assert bank.step().settled == 0, "it is 8:29 in New York"
    clock.now = datetime(2026, 3, 3, 13, 31, tzinfo=UTC)
    assert bank.step().settled == 3
    [report] = inbox(folders, "*.settled.csv")
    rows = [line.split(",")[1:] for line in report.read_text().splitlines()[1:]]
    assert rows == [["100.00", "2026-03-03"], ["177.01", "2026-03-03"], ["278.02", "2026-03-03"]]
    again = SandboxBank(tmp_path, clock)
    clock.now = datetime(2026, 3, 4, 14, 1, tzinfo=UTC)
    done = again.step()
    assert (done.settled, done.returned, done.notices, again.idle()) == (0, 1, 1, True)
    found = {item.code: item for item in items(folders)}
    assert set(found) == {"R01", "C02"}
    assert found["C02"].correction is not None
    assert is_routing_number(found["C02"].correction.routing_number)


def test_a_file_that_comes_again_is_taken_once(tmp_path: Path) -> None:
    clock, folders = Day(), Folders(tmp_path)
    bank = SandboxBank(tmp_path, clock, day_seconds=0.0)
    content = delivered(folders, [10_000])
    bank.step()
    place(folders.outbox / "again.ach", content)
    bank.step()
    said = [msgspec.json.decode(path.read_bytes()) for path in inbox(folders, "*.ack.json")]
    assert all(ack["accepted"] for ack in said)
    assert sorted(ack["reason"] for ack in said) == ["", "taken before"]
    clock.now = datetime(2026, 3, 3, 15, tzinfo=UTC)
    assert bank.step().settled == 1


def test_a_file_that_breaks_a_rule_is_rejected_with_the_line(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    bank = SandboxBank(tmp_path, Day())
    content = delivered(folders, [10_000, 10_001])
    [path] = folders.outbox.glob("*.ach")
    path.unlink()
    place(path, content.replace(b"0000010000", b"0000010009"))
    assert bank.step().rejected == 1
    [ack] = inbox(folders, "*.ack.json")
    said = msgspec.json.decode(ack.read_bytes())
    assert not said["accepted"]
    assert "total_debit" in said["reason"]
    assert bank.idle()


def test_patterns_decide_before_amounts(tmp_path: Path) -> None:
    clock, folders = Day(), Folders(tmp_path)
    patterns = parse('[[answers]]\namount = "177.01"\ncode = "R10"\nafter_banking_days = 20\n[[answers]]\ntrace = "0000002"\ncode = "C01"')
    bank = SandboxBank(tmp_path, clock, patterns)
    delivered(folders, [17_701, 10_000, 17_702])
    bank.step()
    clock.now = datetime(2026, 5, 1, 15, tzinfo=UTC)
    assert bank.step().returned == 2
    assert {item.code: item.settlement_julian for item in items(folders)} == {"C01": "063", "R02": "063", "R10": f"{date(2026, 3, 31):%j}"}
    assert next(item.correction for item in items(folders) if item.code == "C01") != Correction()


WRONG = [
    ('[[answers]]\ncode = "R99X"', "R99X"),
    ('[[answers]]\ncode = "R01"\namount = "1"', "two places"),
    ("[answers", "end of a table"),
]


@pytest.mark.parametrize(("text", "why"), WRONG)
def test_patterns_that_cannot_be_used_are_refused(text: str, why: str) -> None:
    with pytest.raises(PatternError, match=why):
        parse(text)
