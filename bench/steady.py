"""The open loop of the load benchmark: payments at a fixed rate, each a request and a settlement, on plans that are there before."""

import gc
import os
import signal
import time
from typing import Final

from bench.figures import Row, cost
from bench.loading import must_go_on, preload, producer_of, send, settings_of
from bench.stack import Running
from bench.watch import Watch, percentile
from cli.environment import running_settings
from cli.stored import stored
from cli.verification import verify
from journal.settings import Settings
from simulator.open_loop import open_loop
from simulator.plans import EVENTS_PER_ACCOUNT, EVENTS_PER_PAYMENT, Plans

WARM_S: Final = 10
"""An open loop runs so long before anything is measured: the broker's compiler takes a core for the first seconds of a stack, and for the
first minute with `HMS_KAFKA_COMPILER=full`."""
_SAMPLED = (0, 7)
"""partitions whose events are timed: one of each of two workers"""
_GROWTH_S = 2.0
"""A rate is sustained when what waits at its end is no more than what waited half-way and the events of this time."""
_SETTLE_S = 2.0
"""between a request and its settlement"""
_OPENED_MS = 86_400_000
"""the plans were opened a day before, in event time"""
_LINGER_MS = 20


def steady(stack: Running, rate: int, seconds: int, accounts: int, warm_s: int = WARM_S) -> Row:
    """`rate` events a second for `seconds`, after `warm_s`: delays from the producer to the journal and on to ClickHouse, whether the
    backlog grows, and what `hms-ach verify` finds afterwards."""
    settings = settings_of(stack)
    total = rate * (warm_s + seconds)
    plans = Plans(2, accounts, total // EVENTS_PER_PAYMENT)
    now_ms = time.time_ns() // 1_000_000
    opened = EVENTS_PER_ACCOUNT * accounts
    watch, began = Watch(settings, _SAMPLED), time.monotonic()
    half = end = 0
    driver = None
    try:
        preload(settings, plans.opened(now_ms - _OPENED_MS, _OPENED_MS * 1000 / 2 / opened))
        while watch.stored < opened:
            watch.step()
            must_go_on(watch, began)
        driver = _Driver(settings, plans, rate)
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
        "sustained": on_time and end <= max(half, 0) + _GROWTH_S * rate,
        "producer_on_time": on_time,
        "backlog_half_way": half,
        "backlog_at_end": end,
        "stored_after_s": round(stored_s, 1),
        **_percentiles("event_to_journal", watch.posted_ms),
        **_percentiles("journal_to_clickhouse", watch.visible_ms),
        **cost(before, used, opened + total - warm),
        **_verified(stack),
    }


class _Driver:
    """A process that sends at its rate. All messages are made before it starts, so that it takes as little of the machine as it can."""

    def __init__(self, settings: Settings, plans: Plans, rate: int) -> None:
        ready, told = os.pipe()
        os.set_blocking(ready, False)
        self._ready = ready
        self._status: int | None = None
        self._pid = os.fork()
        if self._pid == 0:
            os._exit(self._drive(settings, plans, rate, told))
        os.close(told)

    @staticmethod
    def _drive(settings: Settings, plans: Plans, rate: int, told: int) -> int:
        gc.disable()
        messages = [*plans.paid(time.time_ns() // 1_000_000, 1_000_000 / rate, int(_SETTLE_S * rate / EVENTS_PER_PAYMENT))]
        producer = producer_of(settings, _LINGER_MS)
        os.write(told, b"!")
        late = open_loop(messages, rate, lambda sent: send(producer, sent))
        producer.flush(60)
        return 0 if late.p99_ms < 1000 else 3

    def started(self) -> bool:
        """Whether the first message is on its way. Raises RuntimeError when the process has died before."""
        try:
            if os.read(self._ready, 1):
                return True
        except BlockingIOError:
            return False
        raise RuntimeError("the driver has died")

    def on_time(self) -> bool:
        """Wait for its end: whether it kept to its schedule."""
        _, self._status = os.waitpid(self._pid, 0)
        return self._status == 0

    def stop(self) -> None:
        """End it if it still runs."""
        os.close(self._ready)
        if self._status is None:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


def _percentiles(name: str, delays: list[tuple[int, int]]) -> Row:
    return {f"{name}_p{round(share * 100)}_ms": percentile(delays, share) for share in (0.50, 0.95, 0.99)}


def _verified(stack: Running) -> Row:
    """What `hms-ach verify` says of the whole run: nothing lost, nothing twice, every cent on both sides."""
    settings = running_settings(data_dir=stack.folder)
    with stored(settings) as tables:
        found = verify(settings, tables)
    return {"verified": found.ok, "records": found.compared_records, "findings": [str(each) for each in found.findings]}
