-- What was done with persons' data: erased (or restricted until it can be), put under a legal hold, revealed to somebody. The columns that
-- every table of effects has are told in 001.

CREATE TABLE IF NOT EXISTS subjects
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
    kind             LowCardinality(String) COMMENT 'erased, held or revealed',
    patient_id       String COMMENT 'an opaque token',
    state            LowCardinality(String) COMMENT 'erased, or restricted while a payment is under way',
    held             Bool COMMENT 'whether a legal hold lasts from here on',
    field            LowCardinality(String) COMMENT 'what was revealed',
    transaction_id   String,
    purpose          String COMMENT 'what for',
    by               String COMMENT 'who asked for it',
    ticket           String
)
ENGINE = ReplacingMergeTree
ORDER BY (patient_id, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;
