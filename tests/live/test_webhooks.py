"""Webhooks over real HTTP and a real broker: killed in the middle, in order for each account, nothing lost."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from confluent_kafka import Message, TopicPartition

from journal.failpoint import EXIT_CODE
from simulator.receiver import Inbox
from sinks.outbox.events import ReplayEnded
from sinks.outbox.kafka import LogWriter, group_consumer
from sinks.outbox.lane import Lane
from sinks.outbox.replays import Replays
from sinks.outbox.requests import ask_enable, ask_replay
from sinks.outbox.standing import Standing
from sinks.webhooks.__main__ import plan as plan_of
from tests.live.outbox_world import OutboxWorld, running_broker, running_world, wait_until

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def bootstrap() -> Iterator[str]:
    with running_broker() as found:
        yield found


@pytest.fixture
def world(bootstrap: str) -> Iterator[OutboxWorld]:
    with running_world(bootstrap) as found:
        yield found


def in_order(world: OutboxWorld, inbox: Inbox) -> None:
    """Each account's webhooks were first seen in the order in which they were published."""
    accounts = {identity: account for account, identity in world.published}
    seen: dict[str, list[str]] = {}
    for identity, _ in inbox.received:
        seen.setdefault(accounts[identity], []).append(identity)
    wanted: dict[str, list[str]] = {}
    for account, identity in world.published:
        wanted.setdefault(account, []).append(identity)
    assert seen == wanted


def test_kill_9_in_the_middle_loses_nothing_and_keeps_each_accounts_order(world: OutboxWorld) -> None:
    inbox = Inbox()
    world.webhooks(1000, 20)
    with world.receiver(inbox) as url:
        for _ in range(3):
            with world.sink(webhook_url=url) as sink:
                before = len(inbox.received)
                wait_until(lambda: len(inbox.received) > before + 100 or sink.poll() is not None, 60, world.said)  # noqa: B023
                assert sink.poll() is None, world.said()
                sink.kill()  # in the middle: some are on the way, some have arrived and are not in the log
        for failpoint in ("outbox-after-send:5", "outbox-after-log:5"):
            with world.sink(webhook_url=url, failpoint=failpoint) as sink:
                assert sink.wait(60) == EXIT_CODE
        with world.sink(webhook_url=url) as sink:
            wait_until(lambda: len(inbox.received) == 1000, 60, world.said)
            wait_until(lambda: sum(a.outcome == "delivered" for a in world.attempts()) >= 1000, 20)
            sink.terminate()
            assert sink.wait(30) == 0, world.said()
    in_order(world, inbox)
    assert {a.delivery_id for a in world.attempts() if a.outcome == "delivered"} == {identity for _, identity in world.published}
    repeats = inbox.repeats
    with world.receiver(inbox) as url, world.sink(webhook_url=url) as sink:  # an orderly stop forgets nothing: nothing is sent again
        world.webhooks(1, 20)
        wait_until(lambda: len(inbox.received) == 1001, 60, world.said)
    assert inbox.repeats == repeats


def test_a_lane_that_was_full_when_it_was_taken_away_is_read_when_it_comes_back(world: OutboxWorld) -> None:
    world.webhooks(4, accounts=4)
    plan = plan_of(world.settings)
    writer, consumer = LogWriter(world.settings, plan), group_consumer(world.settings, plan)
    standing = Standing(consumer, plan, writer, Replays(world.settings, plan, writer, lambda: datetime.now(UTC)))
    lanes = {number: Lane(number, 0, 0, {}) for number in range(plan.partitions)}

    def read() -> list[Message]:
        return [message for message in consumer.consume(10, 0.5) if message.error() is None]

    for _ in range(2):
        consumer.assign([TopicPartition(plan.outbox, number, 0) for number in lanes])
        standing.assigned(lanes)
        wait_until(lambda: bool(read()), 30)
        standing.flow(lanes, waiting_max=0)
    consumer.close()


def test_two_processes_share_the_work_and_hand_it_over_without_a_repeat(world: OutboxWorld) -> None:
    inbox = Inbox()
    world.webhooks(200, 20)
    with world.receiver(inbox) as url, world.sink(webhook_url=url), world.sink(webhook_url=url, worker_index=1) as second:
        wait_until(lambda: "partitions [0]," in world.said() and "partitions [1]," in world.said(), 60, world.said)
        world.webhooks(200, 20)
        wait_until(lambda: len(inbox.received) == 400, 60, world.said)
        second.terminate()
        assert second.wait(30) == 0, world.said()
        world.webhooks(100, 20)
        wait_until(lambda: len(inbox.received) == 500, 60, world.said)
    in_order(world, inbox)
    assert inbox.repeats == 0


def test_a_replay_sends_a_range_again_under_the_same_ids(world: OutboxWorld) -> None:
    inbox = Inbox()
    world.webhooks(60, 6)
    with world.receiver(inbox) as url, world.sink(webhook_url=url):
        wait_until(lambda: len(world.attempts()) == 60, 60, world.said)
        time.sleep(0.1)
        between = datetime.now(UTC)
        time.sleep(0.1)
        world.webhooks(10, 6)
        wait_until(lambda: len(world.attempts()) == 70, 60, world.said)
        since = between - timedelta(minutes=5)
        request = ask_replay(world.settings, since, between, credit_reference="CR-3", requested_by="test")
        wait_until(lambda: inbox.repeats == 10, 60, world.said)
        wait_until(lambda: len(world.log()) == 70 + 10 + 2 * 2, 20, world.log)
        ended = [event.data for event in world.log() if isinstance(event, ReplayEnded)]
        assert sorted((end.request, end.partition) for end in ended) == [(request, 0), (request, 1)]
        assert sum(end.deliveries for end in ended) == 10
        replays = [a for a in world.attempts() if a.replay]
        assert [a.delivery_id for a in replays] == [identity for account, identity in world.published[:60] if account == "CR-3"]


def test_410_stops_everything_until_somebody_says_otherwise_and_5xx_is_tried_again(world: OutboxWorld) -> None:
    inbox = Inbox()
    answers = [500, 410]

    class Moody(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = answers.pop(0) if answers else 200
            if status == 200:
                inbox.take(self.headers["webhook-id"], body.decode())
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    world.webhooks(3, 1)
    with world.receiver(inbox, lambda: ThreadingHTTPServer(("127.0.0.1", 0), Moody)) as url:
        with world.sink(webhook_url=url):
            wait_until(lambda: [a.outcome for a in world.attempts()] == ["failed", "gone"], 60, world.said)  # the second 5 s later
        with world.sink(webhook_url=url):  # a restart does not forget
            wait_until(lambda: world.said().count("outbox.webhooks.v1: partitions") == 2, 30, world.said)
            time.sleep(1)
            assert not inbox.received
            ask_enable(world.settings, requested_by="test")
            wait_until(lambda: len(world.attempts()) == 5, 30, world.said)  # the log has it after the receiver
    assert [identity for identity, _ in inbox.received] == ["webhook-0", "webhook-1", "webhook-2"]
    assert [a.number for a in world.attempts()] == [1, 2, 2, 1, 1]
