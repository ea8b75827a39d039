"""The parts of the load benchmark, each on a stack of its own: drain, steady rates, recovery. What comes back is one flat row a part."""

import os
import signal
import time
from collections.abc import Iterable, Iterator

from confluent_kafka import Producer

from bench.stack import Running, Usage
from bench.watch import Watch, percentile
from journal.settings import Settings
from simulator import load
from simulator.open_loop import open_loop

Row = dict[str, object]
"""A part's figures; `cpu_s_per_1000_events` and `rss_mb` are by process"""
_MB = 1_000_000
_SETTLE_AFTER = 8_000
"""payments between a request and its settlement in a backlog: more messages than wait in the producer, where settlements, being fewer,
would overtake their payments, as they never do in a bank's day"""
_QUEUE_MAX = 20_000
_EVENT_US = 500_000
_SAMPLED = (0, 7)
"""partitions whose events are timed: one of each of two workers"""
WARM_S = 10
"""An open loop runs so long before anything is measured: the broker's compiler takes a core for the first seconds of a stack, and for the
first minute with `HMS_KAFKA_COMPILER=full`."""
_GROWTH_S = 2.0
"""A rate is sustained when what waits at its end is no more than what waited half-way and the events of this time."""


def drain(stack: Running, events: int, accounts: int) -> Row:
    """Load everything at once; how fast is it journalled, and how fast is it in ClickHouse?"""
    settings = _settings(stack)
    messages = [*_backlog(events, accounts)]
    watch, before, began = Watch(settings), stack.usage(), time.monotonic()
    try:
        _preload(settings, messages)
        loaded_s = time.monotonic() - began
        while watch.stored < events:
            watch.step()
            _must_go_on(watch, began)
        stored_s = time.monotonic() - began
    finally:
        watch.close()
    journalled_s = (watch.last_ms - watch.first_ms) / 1000
    return {
        "part": "drain",
        "events": events,
        "loading_s": round(loaded_s, 1),
        "journalled_events_per_s": round(events / journalled_s),
        "stored_events_per_s": round(events / stored_s),
        **_cost(before, stack.usage(), events),
    }


def _backlog(events: int, accounts: int) -> Iterator[load.Sent]:
    """Payments of the last days, half a second apart: the clock's ticks find nothing overdue among them."""
    start_ms = time.time_ns() // 1_000_000 - events * _EVENT_US // 1000
    return load.events(1, accounts, events, start_ms=start_ms, event_us=_EVENT_US, settle_after=min(_SETTLE_AFTER, accounts // 2))


def steady(stack: Running, rate: int, seconds: int, accounts: int, warm_s: int = WARM_S) -> Row:
    """An open loop at a fixed rate: delays from the producer to the journal and on to ClickHouse, and whether the backlog grows."""
    settings = _settings(stack)
    total = rate * (warm_s + seconds)
    start_ms = time.time_ns() // 1_000_000 - total * _EVENT_US // 1000
    messages = load.events(2, accounts, total, start_ms=start_ms, event_us=_EVENT_US)
    pid = os.fork()
    if pid == 0:
        producer = _producer(settings, linger_ms=20)
        late = open_loop(messages, rate, lambda sent: _send(producer, sent))
        producer.flush(60)
        os._exit(0 if late.p99_ms < 1000 else 3)
    watch, began = Watch(settings, _SAMPLED), time.monotonic()
    half = end = driver = 0
    try:
        while time.monotonic() - began < warm_s:
            watch.step()
        warm, before = watch.stored, stack.usage()
        watch.forget_delays()
        while watch.stored < total:
            watch.step()
            elapsed = time.monotonic() - began
            half = half or (int(elapsed * rate) - watch.stored if elapsed > warm_s + seconds / 2 else 0)
            end = end or (total - watch.stored if elapsed > warm_s + seconds else 0)
            _must_go_on(watch, began)
        _, driver = os.waitpid(pid, 0)
        pid = 0
    finally:
        watch.close()
        if pid:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return {
        "part": "steady",
        "events_per_s": rate,
        "seconds": seconds,
        "warm_s": warm_s,
        "sustained": driver == 0 and end <= max(half, 0) + _GROWTH_S * rate,
        "producer_on_time": driver == 0,
        "backlog_half_way": half,
        "backlog_at_end": end,
        "stored_after_s": round(time.monotonic() - began - warm_s, 1),
        **_percentiles("event_to_journal", watch.posted_ms),
        **_percentiles("journal_to_clickhouse", watch.visible_ms),
        **_cost(before, stack.usage(), total - warm),
    }


def _percentiles(name: str, delays: list[tuple[int, int]]) -> Row:
    return {f"{name}_p{round(share * 100)}_ms": percentile(delays, share) for share in (0.50, 0.95, 0.99)}


def recovery(stack: Running, accounts: int) -> Row:
    """Kill the one worker that holds many accounts; how long until it posts again?"""
    settings = _settings(stack)
    events = load.events_of(accounts, accounts)
    watch, began = Watch(settings), time.monotonic()
    try:
        _preload(settings, load.events(1, accounts, events))
        while watch.events < events:
            watch.step()
            _must_go_on(watch, began)
        rss = stack.usage()["worker-0"].rss
        os.kill(stack.pid("worker-0"), signal.SIGKILL)
        killed = time.monotonic()
        _preload(settings, load.events(1, 1, 1))
        while watch.events < events + 1:
            watch.step()
            _must_go_on(watch, killed)
        posting_s = time.monotonic() - killed
    finally:
        watch.close()
    return {
        "part": "recovery",
        "accounts": accounts,
        "worker_rss_mb": round(rss / _MB),
        "kill_to_first_posting_s": round(posting_s, 1),
        "rebuilt_worker_rss_mb": round(stack.usage()["worker-0"].rss / _MB),
    }


def _settings(stack: Running) -> Settings:
    return Settings(kafka_bootstrap=stack.state.kafka_bootstrap)


def _producer(settings: Settings, linger_ms: int) -> Producer:
    return Producer(
        settings.kafka(
            partitioner="murmur2_random",
            enable_idempotence=True,
            compression_type="lz4",
            linger_ms=linger_ms,
            queue_buffering_max_messages=_QUEUE_MAX,
        )
    )


def _preload(settings: Settings, messages: Iterable[load.Sent]) -> None:
    producer = _producer(settings, linger_ms=20)
    for sent in messages:
        _send(producer, sent)
    producer.flush(120)


def _send(producer: Producer, sent: load.Sent) -> None:
    topic, key, value = sent
    while True:
        try:
            producer.produce(topic, value, key)
        except BufferError:
            producer.poll(0.05)
        else:
            producer.poll(0)
            return


def _must_go_on(watch: Watch, began: float, limit_s: float = 600.0) -> None:
    if time.monotonic() - began > limit_s:
        raise TimeoutError(f"{watch.events} events journalled and {watch.stored} stored after {limit_s:.0f} s")


def _cost(before: dict[str, Usage], after: dict[str, Usage], events: int) -> Row:
    """CPU seconds per 1,000 events and memory in MB, by process."""
    return {
        "cpu_s_per_1000_events": {
            name: round((used.cpu_s - before[name].cpu_s) * 1000 / events, 4) for name, used in after.items() if name in before
        },
        "rss_mb": {name: round(used.rss / _MB) for name, used in after.items()},
    }
