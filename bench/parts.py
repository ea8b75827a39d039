"""The parts of the load benchmark that load everything at once, each on a stack of its own: drain and recovery."""

import os
import signal
import time
from collections.abc import Iterator

from bench.figures import MB, Row, cost
from bench.loading import must_go_on, preload, settings_of
from bench.stack import Running
from bench.watch import Watch
from simulator import load

_SETTLE_AFTER = 8_000
"""payments between a request and its settlement in a backlog: more messages than wait in the producer, where settlements, being fewer,
would overtake their payments, as they never do in a bank's day"""
_EVENT_US = 500_000


def drain(stack: Running, events: int, accounts: int) -> Row:
    """Load everything at once; how fast is it journalled, and how fast is it in ClickHouse?"""
    settings = settings_of(stack)
    messages = [*_backlog(events, accounts)]
    watch, before, began = Watch(settings), stack.usage(), time.monotonic()
    try:
        preload(settings, messages)
        loaded_s = time.monotonic() - began
        while watch.stored < events:
            watch.step()
            must_go_on(watch, began)
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
        **cost(before, stack.usage(), events),
    }


def _backlog(events: int, accounts: int) -> Iterator[load.Sent]:
    """Payments of the last days, half a second apart: the clock's ticks find nothing overdue among them."""
    start_ms = time.time_ns() // 1_000_000 - events * _EVENT_US // 1000
    return load.events(1, accounts, events, start_ms=start_ms, event_us=_EVENT_US, settle_after=min(_SETTLE_AFTER, accounts // 2))


def recovery(stack: Running, accounts: int) -> Row:
    """Kill the one worker that holds many accounts; how long until it posts again?"""
    settings = settings_of(stack)
    events = load.events_of(accounts, accounts)
    watch, began = Watch(settings), time.monotonic()
    try:
        preload(settings, load.events(1, accounts, events))
        while watch.events < events:
            watch.step()
            must_go_on(watch, began)
        rss = stack.usage()["worker-0"].rss
        os.kill(stack.pid("worker-0"), signal.SIGKILL)
        killed = time.monotonic()
        preload(settings, load.events(1, 1, 1))
        while watch.events < events + 1:
            watch.step()
            must_go_on(watch, killed)
        posting_s = time.monotonic() - killed
    finally:
        watch.close()
    return {
        "part": "recovery",
        "accounts": accounts,
        "worker_rss_mb": round(rss / MB),
        "kill_to_first_posting_s": round(posting_s, 1),
        "rebuilt_worker_rss_mb": round(stack.usage()["worker-0"].rss / MB),
    }
