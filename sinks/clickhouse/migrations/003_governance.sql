-- What decisions stand on besides the rule book: candidate books that run beside it, what they would have decided otherwise, and the phase
-- of each hospital's rollout. The columns that every table of effects has are told in 001.

CREATE TABLE IF NOT EXISTS shadows
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
    version          LowCardinality(String) COMMENT 'of the candidate book; empty when none runs from here on',
    text             String,
    shadowed_by      String
)
ENGINE = ReplacingMergeTree
ORDER BY (partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS shadow_decisions
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
    transaction_id   String,
    policy           LowCardinality(String) COMMENT 'version of the candidate book',
    outcome          LowCardinality(String) COMMENT 'of the candidate: approve, review, block or decline',
    recorded         LowCardinality(String) COMMENT 'outcome of the book in force',
    explanation      String,
    amount_cents     Int64,
    hospital_id      LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (policy, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS rollouts
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
    hospital_id      LowCardinality(String),
    phase            LowCardinality(String) COMMENT 'shadow, assisted, live or paused',
    changed_by       String
)
ENGINE = ReplacingMergeTree
ORDER BY (hospital_id, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;
