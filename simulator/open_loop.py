"""An open loop: every item has its scheduled instant, and none waits for the answer to another (no coordinated omission)."""

import time
from array import array
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")
LONGEST_NAP_SECONDS = 0.002


class Lateness(NamedTuple):
    """How far behind its schedule a loop was: percentiles in milliseconds. Late by much means that the producer was the limit."""

    events: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


def open_loop(
    items: Iterable[Item],
    rate: float,
    send: Callable[[Item], None],
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Lateness:
    """Send item number n at `n / rate` seconds after the start, at once when late; ValueError for a rate that is not positive."""
    if rate <= 0:
        raise ValueError(f"a rate is positive, not {rate}")
    late = array("d")
    started = clock()
    for number, item in enumerate(items):
        due = started + number / rate
        while (ahead := due - clock()) > 0:
            sleep(min(ahead, LONGEST_NAP_SECONDS))
        send(item)
        late.append(clock() - due)
    return lateness(late, clock() - started)


def lateness(late: Iterable[float], seconds: float) -> Lateness:
    """Percentiles of delays in seconds; zeros when there are none."""
    ordered = sorted(late)
    if not ordered:
        return Lateness(0, seconds, 0.0, 0.0, 0.0, 0.0)
    last = len(ordered) - 1
    p50, p95, p99, most = (round(ordered[int(last * part)] * 1000, 3) for part in (0.50, 0.95, 0.99, 1.0))
    return Lateness(len(ordered), seconds, p50, p95, p99, most)
