"""The loop of an outbox: read what is due, send what may go, write down what came of it, and only then go on.

Kafka's client, the lanes and the log belong to the thread that calls `run`; sending happens in `Hands`. A message counts as done when the
log has it, so a crash repeats what was under way, under the same id, and forgets nothing. In an orderly hand-over nothing is repeated.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
from confluent_kafka import Consumer, Message, TopicPartition

from journal.failpoint import hit
from journal.partition_count import must_be
from journal.settings import Settings
from sinks.outbox import events
from sinks.outbox.attempts import attempt_of, attempted
from sinks.outbox.breaker import Breakers
from sinks.outbox.courier import Answer, Courier, Drop, Later
from sinks.outbox.due import read
from sinks.outbox.events import Attempt, EndpointEnabled, ReplayRequested
from sinks.outbox.hands import Hands
from sinks.outbox.kafka import LogWriter, Plan, Reader, ended, failed, group_consumer, log_event, offset_of, partition_of, value_of
from sinks.outbox.lane import Lane, Task
from sinks.outbox.limits import Limits
from sinks.outbox.memory import Wish, committed, recall
from sinks.outbox.metrics import OutboxMetrics
from sinks.outbox.replays import Replays
from sinks.outbox.standing import Standing

_COMMIT_SECONDS = 1.0
_IDLE_SECONDS = 0.2
_BUSY_SECONDS = 0.05
_DRAIN_SECONDS = 20.0
_ENDPOINT_WAIT_MS_MAX = 3_600_000
_log = logging.getLogger(__name__)


class _Sent(NamedTuple):
    lane: Lane
    task: Task
    answer: Answer


class Outbox:
    """One outbox in this process. Other processes of the same group have other partitions, or stand by."""

    def __init__(
        self, settings: Settings, plan: Plan, courier: Courier, metrics: OutboxMetrics, limits: Limits, clock: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._plan = plan
        self._courier = courier
        self._metrics = metrics
        self._limits = limits
        self._clock = clock
        self._hands: Hands[tuple[Lane, Task], Answer] = Hands()
        self._writer = LogWriter(settings, plan)
        self._consumer = group_consumer(settings, plan)
        self._lanes: dict[int, Lane] = {}
        self._log_positions: dict[int, int] = {}
        self._replays = Replays(settings, plan, self._writer, clock)
        self._gone: set[int] = set()
        self._standing = Standing(self._consumer, plan, self._writer, self._replays)
        self._breakers = Breakers(limits.under_way)
        self._ended: set[int] = set()
        self._refused: list[_Sent] = []
        self._assignments = 0
        self._commit_s = 0.0

    def run(self, stop: Callable[[], bool]) -> None:
        """Work until told to stop; then wait for what is under way. Raises KafkaException for what waiting would not mend, and whatever a
        courier did not foresee: the process ends, and its successor begins where the log ends."""
        topics = [self._plan.log] if self._plan.log_partitions != self._plan.partitions else [self._plan.outbox, self._plan.log]
        self._consumer.subscribe(topics, on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._lost)
        try:
            while not stop():
                self._step()
            self._drain()
        finally:
            self._consumer.close()
            self._hands.close(self._courier.close(), _DRAIN_SECONDS)

    def _step(self) -> None:
        self._read(0.0 if self._hands.under_way or self._refused else _IDLE_SECONDS)
        self._settle(_BUSY_SECONDS if self._hands.under_way else 0.0)
        self._replays.go_on(self._lanes, self._courier, self._limits.waiting)
        self._dispatch()
        self._standing.flow(self._lanes, self._limits.waiting)
        if time.monotonic() - self._commit_s > _COMMIT_SECONDS:
            self._commit_s = time.monotonic()
            self._standing.commit(self._lanes)
            self._measure()

    # -- partitions come and go ---------------------------------------------------------------------------------------

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        must_be(self._plan.partitions, consumer, (self._plan.outbox,))
        must_be(self._plan.log_partitions, consumer, (self._plan.log,))
        logs = [part.partition for part in partitions if part.topic == self._plan.log]
        since_ms = self._now_ms() - self._limits.memory_ms if self._limits.memory_ms is not None else None
        places = committed(consumer, self._plan, self._plan.lanes_of(logs))
        reader = Reader(self._settings, self._plan.group)
        try:
            for log_partition in logs:
                own = {p: places[p] for p in self._plan.lanes_of([log_partition])}
                found = recall(reader, self._plan, log_partition, own, self._courier, since_ms)
                self._lanes |= {lane.partition: lane for lane in found.lanes}
                self._log_positions[log_partition] = self._writer.ends[log_partition] = found.end
                if found.memory.gone:
                    self._gone.add(log_partition)
                for (_, partition), wish in found.memory.wishes.items():
                    self._replays.begin(wish, partition)
        finally:
            reader.close()
        self._go_on(consumer)
        _log.info("%s: partitions %s, %d replays to finish", self._plan.outbox, sorted(self._lanes), len(self._replays))

    def _go_on(self, consumer: Consumer) -> None:
        """Read everything from where it was read to."""
        self._assignments += 1
        consumer.assign(
            [TopicPartition(self._plan.outbox, p, lane.position) for p, lane in self._lanes.items()]
            + [TopicPartition(self._plan.log, p, offset) for p, offset in self._log_positions.items()]
        )
        self._standing.assigned(self._lanes)

    def _revoked(self, consumer: Consumer, _partitions: list[TopicPartition]) -> None:
        self._drain()
        self._lost(consumer, _partitions)

    def _lost(self, consumer: Consumer, _partitions: list[TopicPartition]) -> None:
        self._assignments += 1
        self._lanes.clear()
        self._log_positions.clear()
        self._replays.clear()
        self._gone.clear()
        self._ended.clear()
        self._standing.clear()
        self._refused.clear()
        consumer.unassign()

    def _drain(self) -> None:
        """Wait for what is under way, write it down, and say how far we are."""
        deadline = time.monotonic() + _DRAIN_SECONDS
        while self._hands.under_way and time.monotonic() < deadline:
            self._settle(_BUSY_SECONDS)
        self._settle(0.0)
        self._standing.commit(self._lanes, wait=True)

    # -- in -----------------------------------------------------------------------------------------------------------

    def _read(self, seconds: float) -> None:
        assignments = self._assignments
        messages = self._consumer.consume(1000, seconds)
        if assignments != self._assignments:  # these may be of the assignment before: all is read again
            if self._lanes:
                self._go_on(self._consumer)
            return
        for message in messages:
            if failed(message):
                if ended(message) and message.topic() == self._plan.outbox:
                    self._ended.add(partition_of(message))
                continue
            if message.topic() == self._plan.outbox:
                self._take(message)
            else:
                self._hear(message)

    def _take(self, message: Message) -> None:
        lane, offset = self._lanes[partition_of(message)], offset_of(message)
        try:
            due = read(lane.partition, offset, value_of(message))
            parcel = self._courier.parcel(due)
        except msgspec.MsgspecError as error:
            _log.error("%s[%d]@%d cannot be read and is passed over: %s", self._plan.outbox, lane.partition, offset, type(error).__name__)
            self._metrics.malformed.inc()
            lane.passed(offset)
            return
        if parcel is None:
            lane.passed(offset)
        else:
            lane.add(due, self._courier.key(due), self._writer.ends[self._plan.log_partition(lane.partition)])

    def _hear(self, message: Message) -> None:
        """What somebody asked for; our own words in the log are passed over."""
        log_partition, offset, value = partition_of(message), offset_of(message), value_of(message)
        self._log_positions[log_partition] = offset + 1
        if events.ATTEMPT_MARK in value:
            return
        match log_event(message):
            case EndpointEnabled():
                self._gone.discard(log_partition)
                self._breakers.forget()
            case ReplayRequested() as event:
                for partition in self._plan.lanes_of([log_partition]):
                    self._replays.begin(Wish(event, offset), partition)
            case _:
                pass

    # -- out ----------------------------------------------------------------------------------------------------------

    def _dispatch(self) -> None:
        """Send what may go, one of each partition in turn."""
        now = self._clock()
        now_ms = _ms(now)
        taken = True
        while taken:
            taken = False
            for lane in self._lanes.values():
                if self._gone or self._hands.under_way >= self._limits.under_way:
                    return
                if self._limits.read_first and lane.partition not in self._ended:
                    continue
                for task in lane.ready(now_ms):
                    self._admit(lane, task, now, now_ms)
                    taken = True
                    break

    def _admit(self, lane: Lane, task: Task, now: datetime, now_ms: int) -> None:
        verdict = self._courier.admit(task.due, now_ms)
        if isinstance(verdict, Later):
            lane.again(task, max(verdict.at_ms, now_ms + 1), counts=False)
        elif isinstance(verdict, Drop):
            self._refused.append(_Sent(lane, task, Answer(verdict.outcome, reason=verdict.reason)))
        elif (ask_ms := self._breakers.enter(self._courier.receiver(task.due), now_ms)) is not None:
            lane.again(task, ask_ms, counts=False)
        else:
            self._hands.give((lane, task), self._courier.send(task.due, now))

    def _settle(self, seconds: float) -> None:
        """Write down what came of attempts, wait for the broker's word, then let what waits behind them go."""
        answered, self._refused = self._refused, []
        for (lane, task), answer in self._hands.arrived(seconds):
            self._breakers.leave(self._courier.receiver(task.due))
            answered.append(_Sent(lane, task, answer))
        answered = [sent for sent in answered if self._lanes.get(sent.lane.partition) is sent.lane]
        if not answered:
            return
        hit(self._settings, "outbox-after-send")
        now = self._clock()
        attempts = [self._attempt(sent, now) for sent in answered]
        for sent, attempt in zip(answered, attempts, strict=True):
            event = attempted(attempt, self._plan.source, now)
            self._writer.write(self._plan.log_partition(sent.lane.partition), sent.task.due.account, events.encode(event))
        self._writer.flush()
        hit(self._settings, "outbox-after-log")
        for sent, attempt in zip(answered, attempts, strict=True):
            self._conclude(sent, attempt, now)

    def _attempt(self, sent: _Sent, now: datetime) -> Attempt:
        parcel = self._courier.parcel(sent.task.due)
        assert parcel is not None, "only what is to be sent was taken"
        return attempt_of(sent.task, sent.answer, parcel, self._courier.receiver(sent.task.due), now)

    def _conclude(self, sent: _Sent, attempt: Attempt, now: datetime) -> None:
        """The log has it: now it holds."""
        lane, task, answer = sent
        self._metrics.attempts.labels(attempt.outcome).inc()
        self._metrics.seconds.observe(answer.duration_ms / 1000)
        self._courier.remember(attempt, now)
        if answer.is_down:
            self._breakers.failed(attempt.endpoint, _ms(now), min(answer.retry_after_ms, _ENDPOINT_WAIT_MS_MAX))
        elif attempt.number:
            self._breakers.answered(attempt.endpoint)
        if attempt.outcome in events.FINAL:
            lane.done(task)
        elif attempt.outcome == events.GONE:
            self._gone.add(self._plan.log_partition(lane.partition))
            _log.error("%s answered 410 Gone: nothing more is sent there until `hms-ach webhooks enable`", attempt.endpoint)
            lane.again(task, 0, counts=False)
        else:
            assert attempt.next_at is not None, "a failed attempt has a next one, or it was the last"
            lane.again(task, _ms(attempt.next_at))
        if attempt.outcome == events.EXHAUSTED:
            _log.error("delivery %s is given up after %d attempts: %s", attempt.delivery_id, attempt.number, attempt.reason)

    def _measure(self) -> None:
        self._metrics.waiting.set(sum(map(len, self._lanes.values())))
        self._metrics.breaker_open.set(self._breakers.open_ones(self._now_ms()))
        self._metrics.gone.set(bool(self._gone))
        for partition, unread in self._standing.unread(self._lanes):
            self._metrics.unread.labels(str(partition)).set(unread)

    def _now_ms(self) -> int:
        return _ms(self._clock())


def utc_now() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
