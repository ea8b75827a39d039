"""The ACH rail on a real broker: files at a cut, each entry in exactly one, whatever breaks in between."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from ach.inbound import InboundFile
from ach.validator import preflight
from cli.stack.broker import Broker
from journal import failpoint
from tests.live.rail_world import RailWorld, rail, traces, until

pytestmark = pytest.mark.live


@pytest.fixture
def world(tmp_path: Path) -> Iterator[RailWorld]:
    with Broker(tmp_path / "broker") as broker:
        yield RailWorld(broker.bootstrap, tmp_path / "rail")


def test_a_request_makes_files_that_a_bank_takes(world: RailWorld) -> None:
    names = world.entries(300)
    world.cancel(names[7])
    with rail(world.settings) as process:
        world.request()
        until(lambda: world.sent() == [1], process)
    [cut] = world.cuts()
    [made] = cut.data.files
    content = (world.folders.outbox / made.name).read_bytes()
    assert sha256(content).hexdigest() == made.sha256
    assert preflight(content) == ()
    assert (made.entries, [why for *_, why in cut.data.left_out]) == (299, ["CANCELED"])
    submitted = world.said()
    assert {event["data"]["transaction_id"] for event in submitted} == set(names) - {names[7]}
    assert {event["type"] for event in submitted} == {"payment.submitted.v1"}
    assert sorted(event["data"]["trace_number"] for event in submitted) == traces(content)
    assert not list(InboundFile(content))


@pytest.mark.parametrize("where", ["ach-before-cut", "ach-after-cut", "ach-after-file", "ach-mid-announce", "ach-before-sent"])
def test_a_crash_loses_nothing_and_sends_nothing_twice(world: RailWorld, where: str) -> None:
    names = world.entries(2000)
    with rail(world.settings, HMS_FAILPOINT=where) as process:
        world.request()
        assert process.wait(60) == failpoint.EXIT_CODE
    before = {path.name: path.read_bytes() for path in world.folders.outbox.glob("*.ach")}
    with rail(world.settings) as process:
        if where == "ach-before-cut":
            world.request()
        until(lambda: world.sent() == [1], process)
        world.entries(10, first=2000)
        world.request()
        until(lambda: world.sent() == [1, 2], process)
    files = {path.name: path.read_bytes() for path in world.folders.outbox.glob("*.ach")}
    assert all(files[name] == content for name, content in before.items()), "made again, byte for byte"
    numbers = [trace for content in files.values() for trace in traces(content)]
    assert len(numbers) == len(set(numbers)) == 2010
    events = {event["id"]: event for event in world.said()}
    counted = Counter(event["data"]["transaction_id"] for event in events.values())
    assert counted == Counter([*names, *(f"tx-{number:06d}" for number in range(2000, 2010))])
    assert all(preflight(content) == () for content in files.values())
