"""The ACH rail on a real broker: files at a cut, each entry in exactly one, whatever breaks in between."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from ach.validator import preflight
from cli.stack.broker import Broker
from journal import failpoint
from tests.live.rail_world import RailWorld, rail, traces, until

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def world() -> Iterator[RailWorld]:
    with tempfile.TemporaryDirectory(prefix="hms-ach-rail-") as folder, Broker(Path(folder) / "broker") as broker:
        yield RailWorld(broker.bootstrap, Path(folder) / "rail")


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
    assert sorted(event["data"]["trace_number"] for event in submitted) == sorted(traces(content))


@pytest.mark.parametrize("where", ["ach-before-cut", "ach-after-cut", "ach-after-file", "ach-mid-announce", "ach-before-sent"])
def test_a_crash_loses_nothing_and_sends_nothing_twice(world: RailWorld, where: str) -> None:
    already = set(_files(world))
    names = world.entries(2000)
    number = len(world.cuts()) + 1
    with rail(world.settings, HMS_FAILPOINT=where) as process:
        world.request()
        assert process.wait(60) == failpoint.EXIT_CODE
    before = _files(world)
    with rail(world.settings) as process:
        if where == "ach-before-cut":
            world.request()
        until(lambda: number in world.sent(), process)
        names += world.entries(10)
        world.request()
        until(lambda: number + 1 in world.sent(), process)
    files = _files(world)
    assert all(files[name] == content for name, content in before.items()), "made again, byte for byte"
    new = [content for name, content in files.items() if name not in already]
    assert all(preflight(content) == () for content in new)
    assert sum(len(traces(content)) for content in new) == 2010
    every = [trace for content in files.values() for trace in traces(content)]
    assert len(every) == len(set(every)), "no trace number was given twice, on the whole day"
    events = {event["id"]: event["data"]["transaction_id"] for event in world.said()}
    counted = Counter(events.values())
    assert {name: counted[name] for name in names} == dict.fromkeys(names, 1)


def _files(world: RailWorld) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in world.folders.outbox.glob("*.ach")}
