"""A long steady load: does anything grow that should not? A line for every sample, and a verdict over all of them.

    python -m bench.soak [--minutes 60] [--rate 2000] [--accounts 200000] [--every 60]

What may grow: memory of the workers, which keep every payment, and the files that Kafka and ClickHouse keep open in the data folder.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from bench.driver import Driver
from bench.figures import MB, Row, cost
from bench.loading import must_go_on, settings_of
from bench.report import by_process, csv_text
from bench.stack import Running, running
from bench.steady import GROWTH_S, SAMPLED, open_plans, paid, percentiles, verified
from bench.watch import Watch
from simulator.plans import EVENTS_PER_ACCOUNT, EVENTS_PER_PAYMENT, Plans

OUT: Final = Path("bench/out")
_DELAYS: Final = ("event_to_journal_p99_ms", "journal_to_clickhouse_p99_ms")
_DELAY_GROWTH: Final = 1.5
_DELAY_ROOM_MS: Final = 100
_FILES_ROOM: Final = 32
_MEMORY_GROWTH: Final = 1.2
_MEMORY_ROOM_MB: Final = 50


def soak(stack: Running, rate: int, seconds: int, accounts: int, every_s: int) -> Iterator[Row]:
    """A sample every `every_s` seconds; the last row is the verdict. `rate` is events a second."""
    settings = settings_of(stack)
    plans = Plans(3, accounts, rate * seconds // EVENTS_PER_PAYMENT)
    opened, total = EVENTS_PER_ACCOUNT * accounts, rate * seconds
    watch = Watch(settings, SAMPLED)
    samples: list[Row] = []
    driver = None
    try:
        open_plans(watch, settings, plans, opened)
        driver = Driver(settings, lambda: paid(plans, rate), rate)
        while not driver.started():
            watch.step()
        began = time.monotonic()
        while watch.stored < opened + total:
            before, stored, until = stack.usage(), watch.stored, time.monotonic() + every_s
            while watch.stored < opened + total and time.monotonic() < until:
                watch.step()
                must_go_on(watch, began, seconds + 600)
            elapsed = time.monotonic() - began
            sample: Row = {
                "part": "soak",
                "second": round(elapsed),
                "stored": watch.stored - opened,
                "backlog": max(opened + min(int(elapsed * rate), total) - watch.stored, 0),
                **percentiles("event_to_journal", watch.posted_ms),
                **percentiles("journal_to_clickhouse", watch.visible_ms),
                **cost(before, stack.usage(), max(watch.stored - stored, 1)),
                "files": stack.files(),
            }
            watch.forget_delays()
            samples.append(sample)
            yield sample
        on_time = driver.on_time()
    finally:
        watch.close()
        if driver:
            driver.stop()
    grown = growth(samples, rate)
    yield {
        "part": "soak verdict",
        "payments": total // EVENTS_PER_PAYMENT,
        "producer_on_time": on_time,
        "grown": grown,
        "worker_bytes_per_payment": _bytes_per_payment(samples),
        **verified(stack),
    }


def growth(samples: Sequence[Row], rate: int) -> list[str]:
    """What grew from the second quarter of the samples (the first still warms up) to the last; nothing of fewer than eight."""
    quarter = len(samples) // 4
    if quarter < 2:
        return []
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    found = []
    for name in _DELAYS:
        was, now = _median(early, lambda row, name=name: row[name]), _median(late, lambda row, name=name: row[name])  # type: ignore[misc]
        if now > was * _DELAY_GROWTH + _DELAY_ROOM_MS:
            found.append(f"{name} from {was:.0f} to {now:.0f}")
    was, now = _median(early, lambda row: row["backlog"]), _median(late, lambda row: row["backlog"])
    if now > was + GROWTH_S * rate:
        found.append(f"backlog from {was:.0f} to {now:.0f} events")
    for process in by_process(samples[-1], "files"):
        was, now = _process(early, "files", process), _process(late, "files", process)
        if now > was + _FILES_ROOM:
            found.append(f"open files of {process} from {was:.0f} to {now:.0f}")
        was, now = _process(early, "rss_mb", process), _process(late, "rss_mb", process)
        if not process.startswith("worker-") and now > was * _MEMORY_GROWTH + _MEMORY_ROOM_MB:
            found.append(f"memory of {process} from {was:.0f} to {now:.0f} MB")
    return found


def _bytes_per_payment(samples: Sequence[Row]) -> int:
    """What the workers' memory grew by, over the second half, for each of its payments."""
    half, last = samples[len(samples) // 2], samples[-1]
    payments = (_number(last["stored"]) - _number(half["stored"])) / EVENTS_PER_PAYMENT
    grown = sum(
        by_process(last, "rss_mb")[name] - by_process(half, "rss_mb")[name]
        for name in by_process(last, "rss_mb")
        if name.startswith("worker-")
    )
    return round(grown * MB / payments) if payments else 0


def _process(samples: Sequence[Row], name: str, process: str) -> float:
    return _median(samples, lambda row: by_process(row, name).get(process, 0.0))


def _median(samples: Sequence[Row], figure: Callable[[Row], object]) -> float:
    return statistics.median(_number(figure(row)) for row in samples)


def _number(figure: object) -> float:
    assert isinstance(figure, int | float)
    return float(figure)


def main() -> int:
    """Run, print every row, and write all as JSON and CSV; exit code 1 when something grew, does not add up, or was sent too late."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=int, default=2000, help="events a second, two for a payment")
    parser.add_argument("--accounts", type=int, default=200_000)
    parser.add_argument("--every", type=int, default=60, help="seconds between samples")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    rows: list[Row] = []
    with running(asked.workers) as stack:
        for row in soak(stack, asked.rate, round(asked.minutes * 60), asked.accounts, asked.every):
            print(json.dumps(row), flush=True)
            rows.append(row)
    OUT.mkdir(parents=True, exist_ok=True)
    target = OUT / time.strftime("soak-%Y%m%dT%H%M%SZ", time.gmtime())
    target.with_suffix(".json").write_text(json.dumps(rows, indent=1))
    target.with_suffix(".csv").write_text(csv_text(rows[:-1]))
    print(f"written to {target}.json and .csv")
    verdict = rows[-1]
    return 0 if verdict["verified"] and verdict["producer_on_time"] and not verdict["grown"] else 1


if __name__ == "__main__":
    sys.exit(main())
