"""What an outbox shows to Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class OutboxMetrics:
    """Counters and gauges of one channel; `name` is webhook or notification."""

    def __init__(self, name: str, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.attempts = Counter(f"hms_{name}_attempts", "Attempts by outcome.", ["outcome"], registry=self.registry)
        self.seconds = Histogram(
            f"hms_{name}_attempt_seconds",
            "Time of one attempt.",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
            registry=self.registry,
        )
        self.waiting = Gauge(
            f"hms_{name}_waiting", "Messages that were read and have neither arrived nor been given up.", registry=self.registry
        )
        self.unread = Gauge(f"hms_{name}_unread", "Messages in the outbox that were not read yet.", ["partition"], registry=self.registry)
        self.breaker_open = Gauge(f"hms_{name}_breaker_open", "Receivers that are spared now.", registry=self.registry)
        self.gone = Gauge(
            f"hms_{name}_endpoint_gone", "1 after the receiver answered 410, until it is enabled again.", registry=self.registry
        )
        self.malformed = Counter(f"hms_{name}_malformed", "Messages of the outbox that cannot be read.", registry=self.registry)
