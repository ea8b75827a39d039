"""How long events take until they can be seen: from the instant an event names to its rows being in ClickHouse."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from prometheus_client import CollectorRegistry
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

NAME: Final = "hms_event_visible_seconds"
BOUNDS_S: Final = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)
_BOUNDS: Final = np.array(BOUNDS_S)


class Visible(Collector):
    """A histogram that takes a block's events at once: one observation each would cost the sink as much as their rows.

    History that is loaded late is counted as what it is, late; quantiles bear that, a mean would not.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seen = (np.zeros(len(BOUNDS_S) + 1, np.int64), 0.0)
        registry.register(self)

    def add(self, events_ms: Sequence[int], now_ms: int) -> None:
        """Events of these instants can be seen now. One that is ahead of our clock took no time."""
        waited_s = np.maximum(now_ms - np.array(events_ms, np.int64), 0) / 1000
        counts, total_s = self._seen
        found = np.bincount(np.searchsorted(_BOUNDS, waited_s), minlength=len(BOUNDS_S) + 1)
        self._seen = (counts + found, total_s + float(waited_s.sum()))  # a new pair: whoever collects sees the old one or this one

    def collect(self) -> Iterable[HistogramMetricFamily]:
        """The histogram for Prometheus."""
        counts, total_s = self._seen
        names = [*(str(bound) for bound in BOUNDS_S), "+Inf"]
        buckets = [(name, float(upto)) for name, upto in zip(names, np.cumsum(counts), strict=True)]
        yield HistogramMetricFamily(NAME, "From an event's own time to its rows in ClickHouse.", buckets=buckets, sum_value=total_s)
