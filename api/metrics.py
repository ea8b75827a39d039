"""What Prometheus is told. One registry for each application, so that nothing happens at import and tests do not share counts."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_1_0_0
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """The API's counters, histograms and gauges."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "hms_http_request_seconds",
            "Time to answer a request, by route template and status.",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.initiated = Counter(
            "hms_payments_initiated_total", "Payments asked for, by the answer given.", ("answer",), registry=self.registry
        )
        self.decision = Histogram(
            "hms_decision_seconds", "From the request to the journal's decision.", buckets=_SECONDS, registry=self.registry
        )
        self.lookups_missed = Counter(
            "hms_account_lookups_missed_total",
            "Payments asked for while ClickHouse was too slow to look up their key.",
            registry=self.registry,
        )
        self.exported = Counter("hms_ledger_rows_exported_total", "Ledger rows sent out.", ("format",), registry=self.registry)
        self.rules_broken = Counter(
            "hms_rules_broken_total",
            "Payments for which a rule could not be evaluated, by rule and version of its book.",
            ("rule", "policy"),
            registry=self.registry,
        )
        self.broker_up = Gauge("hms_broker_up", "1 when Kafka answers.", registry=self.registry)
        self.store_up = Gauge("hms_clickhouse_up", "1 when ClickHouse answers.", registry=self.registry)
        self.feed_lag = Gauge("hms_feed_lag_records", "Journal records that the decision feed has not read yet.", registry=self.registry)
        self.store_lag = Gauge(
            "hms_store_lag_records", "Journal records that the API cannot read in ClickHouse yet.", registry=self.registry
        )
        self.recent_bytes = Gauge("hms_recent_bytes", "Journal bytes kept in memory until ClickHouse has them.", registry=self.registry)

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).observe(seconds)

    def text(self) -> bytes:
        """Prometheus' text format."""
        return generate_latest(self.registry)
