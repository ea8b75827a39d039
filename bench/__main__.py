"""`make bench`: what this machine sustains, on the real stack: drain, steady rates, recovery. `--help` has the choices."""

import argparse
import json
import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from confluent_kafka import Producer

from bench.stack import Running, Usage, running
from bench.watch import Watch, percentile
from journal.settings import Settings
from simulator import load
from simulator.open_loop import open_loop

OUT = Path("bench/out")
_MB = 1_000_000
_SETTLE_AFTER = 8_000
"""payments between a request and its settlement in a backlog: more messages than wait in the producer, where settlements, being fewer,
would overtake their payments, as they never do in a bank's day"""
_QUEUE_MAX = 20_000
_EVENT_US = 500_000


def main() -> None:
    """Run the parts that were asked for, print them as they end, and write all of them to bench/out/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=400_000, help="input events of the drain")
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--rates", default="2000,6000", help="input events per second of the open loop, comma separated; empty for none")
    parser.add_argument("--seconds", type=int, default=30, help="length of one rate")
    parser.add_argument("--recovery-accounts", type=int, default=100_000, help="0 for no recovery part")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    parts = [*_parts(asked)]
    OUT.mkdir(parents=True, exist_ok=True)
    target = OUT / f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.json"
    target.write_text(json.dumps(parts, indent=1))
    print(f"written to {target}")


def _parts(asked: argparse.Namespace) -> Iterator[dict[str, object]]:
    with running(asked.workers) as stack:
        yield _shown(drain(stack, asked.events, asked.accounts))
    for rate in [int(text) for text in asked.rates.split(",") if text]:
        with running(asked.workers) as stack:
            yield _shown(steady(stack, rate, asked.seconds, asked.accounts))
    if asked.recovery_accounts:
        with running(1) as stack:
            yield _shown(recovery(stack, asked.recovery_accounts))


def drain(stack: Running, events: int, accounts: int) -> dict[str, object]:
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


def steady(stack: Running, rate: int, seconds: int, accounts: int) -> dict[str, object]:
    """An open loop at a fixed rate: delays, and whether the backlog grows."""
    settings = _settings(stack)
    total = rate * seconds
    start_ms = time.time_ns() // 1_000_000 - total * _EVENT_US // 1000
    messages = load.events(2, accounts, total, start_ms=start_ms, event_us=_EVENT_US)
    pid = os.fork()
    if pid == 0:
        producer = _producer(settings, linger_ms=1)
        late = open_loop(messages, rate, lambda sent: _send(producer, sent))
        producer.flush(60)
        os._exit(0 if late.p99_ms < 1000 else 3)
    watch, before, began = Watch(settings), stack.usage(), time.monotonic()
    try:
        backlog_half = 0
        while watch.stored < total:
            watch.step()
            elapsed = time.monotonic() - began
            if not backlog_half and elapsed > seconds / 2:
                backlog_half = int(elapsed * rate) - watch.stored
            _must_go_on(watch, began)
    finally:
        watch.close()
        os.kill(pid, signal.SIGKILL) if os.waitpid(pid, os.WNOHANG)[0] == 0 else None
    return {
        "part": "steady",
        "events_per_s": rate,
        "seconds": seconds,
        "stored_after_s": round(time.monotonic() - began, 1),
        "backlog_half_way": backlog_half,
        "journal_to_clickhouse_p50_ms": percentile(watch.visible_ms, 0.50),
        "journal_to_clickhouse_p99_ms": percentile(watch.visible_ms, 0.99),
        **_cost(before, stack.usage(), total),
    }


def recovery(stack: Running, accounts: int) -> dict[str, object]:
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


def _cost(before: dict[str, Usage], after: dict[str, Usage], events: int) -> dict[str, object]:
    """CPU seconds per 1,000 events and memory in MB, by process."""
    return {
        "cpu_s_per_1000_events": {
            name: round((used.cpu_s - before[name].cpu_s) * 1000 / events, 4) for name, used in after.items() if name in before
        },
        "rss_mb": {name: round(used.rss / _MB) for name, used in after.items()},
    }


def _shown(part: dict[str, object]) -> dict[str, object]:
    print(json.dumps(part), flush=True)
    return part


if __name__ == "__main__":
    main()
