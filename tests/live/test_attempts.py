"""The delivery logs in ClickHouse: every attempt once, whatever broke off; the lists over real rows."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from journal import topics
from journal.failpoint import EXIT_CODE
from journal.settings import Settings
from sinks.outbox import events
from sinks.outbox.events import Attempt, DeliveryAttempted
from sinks.outbox.requests import ask_replay
from tests.live.sink_world import World, run, running_world, sink_process

pytestmark = pytest.mark.live

COUNT = """
import json
print(json.dumps(client.query("SELECT count(), uniqExact(topic, partition, offset) FROM delivery_attempts").result_rows[0]))
"""
LISTED = """
import asyncio, json
from api.cursor import CursorKey
from api.deliveries import Asks, Deliveries
from api.lists import Lists, Wanted
from api.store import Store
store = Store(database)
deliveries = Deliveries(Lists(store, CursorKey(b"k" * 32), 2, ""), Asks(lambda asked, by: "", str))
pages, cursor = [], None
while True:
    wanted = Wanted("/deliveries", {"topic": "webhooks.deliveries.v1", "outcome": "failed"}, 7, cursor)
    page = asyncio.run(deliveries.page(wanted))
    pages.append([each.model_dump(mode="json") for each in page.deliveries])
    cursor = page.next
    if cursor is None:
        break
store.close()
print(json.dumps(pages))
"""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running_world() as found:
        topics.apply(found.settings("none"), [s for s in topics.specs() if "deliveries" in s.name])
        for _ in range(3):
            found.payment(0)
        yield found


def attempt(number: int) -> bytes:
    at = datetime.fromtimestamp(1_780_000_000 + number, UTC)
    data = Attempt(
        credit_reference=f"CR-{number % 3}",
        delivery_id=f"d-{number}",
        transaction_id=f"t-{number}",
        partition=number % 2,
        offset=number,
        number=1,
        outcome="failed" if number % 5 == 0 else "delivered",
        status=500 if number % 5 == 0 else 204,
        next_at=at if number % 5 == 0 else None,
    )
    return events.encode(DeliveryAttempted(id=f"a-{number}", time=at, source="/test", data=data))


def write(world: World, first: int, count: int) -> None:
    for number in range(first, first + count):
        world.producer.produce(topics.WEBHOOK_DELIVERIES, attempt(number), partition=number % 2)
        if number % 10 == 0:
            world.producer.produce(topics.NOTIFICATION_DELIVERIES, attempt(number), partition=0)
    assert world.producer.flush(10) == 0


def stored(world: World, settings: Settings, wanted: int) -> Any:
    """Run a sink for a while, then count."""
    deadline = time.monotonic() + 60
    found = None
    while found != [wanted, wanted] and time.monotonic() < deadline:
        with sink_process(settings) as sink:
            time.sleep(4)
            sink.terminate()
            sink.communicate(timeout=30)
        found = json.loads(run(settings, COUNT))
        assert found[0] <= wanted, found
    return found


def test_every_attempt_is_there_once_and_the_lists_show_it(world: World) -> None:
    settings = world.settings("attempts")
    now = datetime.now(UTC)
    write(world, 0, 100)
    for failpoint in ("attempts-before-insert", "attempts-after-insert"):
        with sink_process(world.settings("attempts", failpoint=failpoint)) as sink:
            _, errors = sink.communicate(timeout=60)
            assert sink.returncode == EXIT_CODE, errors
    ask_replay(settings, now.replace(year=2020), now)  # what is no attempt is passed over
    world.producer.produce(topics.WEBHOOK_DELIVERIES, b"no event", partition=0)
    write(world, 100, 50)
    assert stored(world, settings, 165) == [165, 165]
    pages = json.loads(run(settings, LISTED))
    assert [each["delivery_id"] for page in pages for each in page] == [f"d-{n}" for n in range(145, -1, -5)]
    assert [len(page) for page in pages] == [7, 7, 7, 7, 2]
    assert pages[0][0]["next_at"] == pages[0][0]["at"]


def test_a_rebuild_stores_the_logs_again(world: World) -> None:
    settings = world.settings("again")
    rebuilt = "from sinks.clickhouse.rebuild import rebuild\nrebuild(settings, database)\n"
    for _ in range(2):
        assert json.loads(run(settings, rebuilt + COUNT)) == [165, 165]
