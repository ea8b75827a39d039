-- Rules that people put to sleep for one account.

CREATE TABLE IF NOT EXISTS rule_snoozes
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    rule             LowCardinality(String),
    until            Nullable(DateTime64(3, 'UTC')) COMMENT 'it is awake from here on; who snoozed it stands in actions'
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;
