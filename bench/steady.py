"""The open loop of the load benchmark: payments at a fixed rate, each a request and a settlement, on plans that are there before."""

import time
from collections.abc import Iterator
from typing import Final

from bench.driver import Driver
from bench.figures import Row, cost
from bench.loading import must_go_on, preload, settings_of
from bench.stack import Running
from bench.watch import Watch, percentile
from cli.environment import running_settings
from cli.stored import stored
from cli.verification import verify
from journal.settings import Settings
from simulator.load import Sent
from simulator.plans import EVENTS_PER_ACCOUNT, EVENTS_PER_PAYMENT, Plans

WARM_S: Final = 10
"""An open loop runs so long before anything is measured: the broker's compiler takes a core for the first seconds of a stack, and for the
first minute with `HMS_KAFKA_COMPILER=full`."""
SAMPLED: Final = (0, 7)
"""partitions whose events are timed: one of each of two workers"""
GROWTH_S: Final = 2.0
"""A rate is sustained when what waits at its end is no more than what waited half-way and the events of this time."""
_SETTLE_S = 2.0
"""between a request and its settlement"""
_OPENED_MS = 86_400_000
"""the plans were opened a day before, in event time"""


def steady(stack: Running, rate: int, seconds: int, accounts: int, warm_s: int = WARM_S) -> Row:
    """`rate` events a second for `seconds`, after `warm_s`: delays from the producer to the journal and on to ClickHouse, whether the
    backlog grows, and what `hms-ach verify` finds afterwards."""
    settings = settings_of(stack)
    total = rate * (warm_s + seconds)
    plans = Plans(2, accounts, total // EVENTS_PER_PAYMENT)
    opened = EVENTS_PER_ACCOUNT * accounts
    watch, began = Watch(settings, SAMPLED), time.monotonic()
    half = end = 0
    driver = None
    try:
        open_plans(watch, settings, plans, opened)
        driver = Driver(settings, lambda: [*paid(plans, rate)], rate)
        while not driver.started():
            watch.step()
        began = time.monotonic()
        while time.monotonic() - began < warm_s:
            watch.step()
        warm, before = watch.stored, stack.usage()
        watch.forget_delays()
        while watch.stored < opened + total:
            watch.step()
            elapsed = time.monotonic() - began
            waiting = opened + int(elapsed * rate) - watch.stored
            half = half or (waiting if elapsed > warm_s + seconds / 2 else 0)
            end = end or (waiting if elapsed > warm_s + seconds else 0)
            must_go_on(watch, began, warm_s + seconds + 600)
        stored_s, used, on_time = time.monotonic() - began - warm_s, stack.usage(), driver.on_time()
    finally:
        watch.close()
        if driver:
            driver.stop()
    return {
        "part": "steady",
        "events_per_s": rate,
        "payments_per_s": rate / EVENTS_PER_PAYMENT,
        "seconds": seconds,
        "warm_s": warm_s,
        "accounts": accounts,
        "sustained": on_time and end <= max(half, 0) + GROWTH_S * rate,
        "producer_on_time": on_time,
        "backlog_half_way": half,
        "backlog_at_end": end,
        "stored_after_s": round(stored_s, 1),
        **percentiles("event_to_journal", watch.posted_ms),
        **percentiles("journal_to_clickhouse", watch.visible_ms),
        **cost(before, used, opened + total - warm),
        **verified(stack),
    }


def open_plans(watch: Watch, settings: Settings, plans: Plans, events: int) -> None:
    """Bring the plans, so many events, into the ledger and its tables, as of a day ago."""
    now_ms, began = time.time_ns() // 1_000_000, time.monotonic()
    preload(settings, plans.opened(now_ms - _OPENED_MS, _OPENED_MS * 1000 / 2 / events))
    while watch.stored < events:
        watch.step()
        must_go_on(watch, began)


def paid(plans: Plans, rate: int) -> Iterator[Sent]:
    """Their payments from now on, at so many events a second."""
    return plans.paid(time.time_ns() // 1_000_000, 1_000_000 / rate, int(_SETTLE_S * rate / EVENTS_PER_PAYMENT))


def percentiles(name: str, delays: list[tuple[int, int]]) -> Row:
    """p50, p95 and p99 of (milliseconds, events)."""
    return {f"{name}_p{round(share * 100)}_ms": percentile(delays, share) for share in (0.50, 0.95, 0.99)}


def verified(stack: Running) -> Row:
    """What `hms-ach verify` says of the whole run: nothing lost, nothing twice, every cent on both sides."""
    settings = running_settings(data_dir=stack.folder)
    with stored(settings) as tables:
        found = verify(settings, tables)
    return {"verified": found.ok, "records": found.compared_records, "findings": [str(each) for each in found.findings]}
