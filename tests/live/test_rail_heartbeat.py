"""A bank that wants to see us live gets one file without batches at a cut-off that has nothing to send, on a real broker."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from ach.validator import preflight, preflight_heartbeat
from ach.zone import NEW_YORK
from cli.stack.broker import Broker
from journal import topics
from journal.keys.sealer import Sealer
from journal.keys.store import KeyStore
from journal.letter_box import letter_seal
from sinks.ach import filecut
from sinks.ach.config import parse
from sinks.ach.filecut import CutRequested, RequestData
from sinks.ach.making import make
from sinks.ach.sink import AchSink, Keys
from tests.live.rail_world import RailWorld, until

pytestmark = pytest.mark.live

CONFIG = parse(
    """
    [banks.first]
    destination = "091000019"
    origin = "1234567890"
    odfi = "09100001"
    windows = ["SD1300"]
    heartbeat = true

    [hospitals.H01]
    bank = "first"
    company_name = "FIRST HOSPITAL"
    company_identification = "1234567890"

    [hospitals.H02]
    bank = "first"
    company_name = "SECOND HOSPITAL"
    company_identification = "1234567890"

    [hospitals.H03]
    bank = "first"
    company_name = "EARLY HOSPITAL"
    company_identification = "1234567890"
    lead_minutes = 45
    """
)


class Hand:
    """A clock that is set by hand, in New York."""

    def __init__(self, text: str) -> None:
        self.set(text)

    def set(self, text: str) -> None:
        self._now = datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)

    def __call__(self) -> datetime:
        return self._now


@pytest.fixture(scope="module")
def world() -> Iterator[RailWorld]:
    with tempfile.TemporaryDirectory(prefix="hms-ach-rail-") as folder, Broker(Path(folder) / "broker") as broker:
        yield RailWorld(broker.bootstrap, Path(folder) / "rail")


@contextmanager
def rail(world: RailWorld, clock: Hand) -> Iterator[None]:
    """The rail in a thread, until the block ends."""
    stop = threading.Event()
    with KeyStore.of(world.settings) as store:

        def run() -> None:
            AchSink(world.settings, CONFIG, Keys(Sealer(store), letter_seal(world.settings)), clock).run(stop)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(30)


def took_over(world: RailWorld, clock: Hand) -> None:
    """A wish is answered, so the rail has looked at its cut-offs."""
    asked = len(world.file_events())
    wish = CutRequested(id=f"wish-{asked}", time=clock(), data=RequestData("test"))
    world.tell(filecut.encode(wish))
    until(lambda: len(world.file_events()) >= asked + 2)


def test_one_file_a_cut_off_and_none_where_entries_went(world: RailWorld) -> None:
    clock = Hand("2026-03-02T09:00")
    with rail(world, clock):
        took_over(world, clock)
        clock.set("2026-03-02T10:00")
        until(lambda: world.sent() == [1])
        clock.set("2026-03-02T18:00")
        names = world.entries(3, hospital_id="H01")
        clock.set("2026-03-02T18:50")
        until(lambda: world.sent() == [1, 2])
    first, second = (cut.data for cut in world.cuts())
    assert (first.cut_off, first.terms.heartbeat, first.ranges, len(first.files)) == ("SD1300", True, [], 1)
    assert (second.cut_off, second.terms.heartbeat, second.files[0].entries) == ("next day", False, len(names))
    content = (world.folders.outbox / first.files[0].name).read_bytes()
    assert preflight_heartbeat(content) == ()
    assert [problem.rule for problem in preflight(content)] == ["no_batches"]
    again = make(first.number, msgspec.json.decode(msgspec.json.encode(first.terms), type=type(first.terms)), ())
    assert again.files == (content,)
    assert sha256(content).hexdigest() == first.files[0].sha256


def test_a_restart_does_not_repeat_it_and_what_was_missed_goes_once(world: RailWorld) -> None:
    clock = Hand("2026-03-02T18:55")
    with rail(world, clock):
        took_over(world, clock)
    assert len(world.cuts()) == 2
    clock = Hand("2026-03-04T10:30")
    with rail(world, clock):
        until(lambda: world.sent() == [1, 2, 3])
        took_over(world, clock)
    assert len(world.cuts()) == 3


def test_the_banks_answer_is_understood(world: RailWorld) -> None:
    name = world.cuts()[0].data.files[0].name
    with rail(world, Hand("2026-03-04T10:31")):
        for number, accepted in enumerate((True, False)):
            said = {"file": name, "accepted": accepted, "reason": "" if accepted else "no batches"}
            (world.folders.inbox / f"{number}.ack.json").write_bytes(msgspec.json.encode(said))
        until(lambda: not any(world.folders.inbox.iterdir()))
    letters = [headers["hms_error_code"] for _, headers in world.messages(topics.DEAD_LETTERS)]
    assert letters == [b"HEARTBEAT_REJECTED"]
    assert len(world.cuts()) == 3
