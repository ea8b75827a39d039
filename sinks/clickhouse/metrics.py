"""What the sink shows to Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from sinks.clickhouse.visible import Visible


class SinkMetrics:
    """Counters, gauges and histograms of one sink, in the registry that the process serves."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.rows = Counter("hms_sink_rows", "Rows inserted into ClickHouse.", ["table"], registry=registry)
        self.blocks = Counter("hms_sink_blocks", "Blocks of whole journal records stored.", registry=registry)
        self.block_seconds = Histogram(
            "hms_sink_block_seconds",
            "Time to store one block, all tables.",
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120),
            registry=registry,
        )
        self.visible = Visible(registry)
        self.retries = Counter("hms_sink_retries", "Blocks that ClickHouse could not take at once.", registry=registry)
        self.skipped = Gauge("hms_sink_skipped_records", "Journal records that were not on the chain.", registry=registry)
        self.lag = Gauge("hms_sink_lag_records", "Journal messages not yet stored.", ["partition"], registry=registry)
        self.age = Gauge("hms_sink_age_seconds", "Age of the oldest record that waits to be stored; 0 when none does.", registry=registry)
        self.stored_at = Gauge("hms_sink_stored_timestamp_seconds", "When the latest stored record was written.", registry=registry)
