-- What became of webhooks and of messages to patients, an attempt a row, from the delivery logs. `deliveries` says what was due.
-- (topic, partition, offset) is the place in Kafka and names a row for ever. An insert is one block of one table, so it is there whole or not
-- at all, and the highest offset that is there says where to go on.

CREATE TABLE IF NOT EXISTS delivery_attempts
(
    topic             LowCardinality(String),
    partition         UInt16,
    offset            UInt64,
    at                DateTime64(3, 'UTC') COMMENT 'when it ended',
    credit_reference  String,
    delivery_id       String COMMENT 'id of the event in the outbox; of a webhook, the webhook-id',
    transaction_id    String,
    channel           LowCardinality(String) COMMENT 'webhook, sms or email',
    template          LowCardinality(String) COMMENT 'this and the next: messages to patients',
    patient_id        String,
    outbox_partition  UInt16,
    outbox_offset     UInt64,
    number            UInt16 COMMENT 'which attempt, from 1; 0 when none was made',
    outcome           LowCardinality(String) COMMENT 'delivered, failed, exhausted, gone, undeliverable or suppressed',
    status            UInt16 COMMENT 'HTTP or SMTP status; 0 for no answer',
    reason            String,
    duration_ms       UInt32,
    next_at           Nullable(DateTime64(3, 'UTC')) COMMENT 'when it is tried again',
    endpoint          LowCardinality(String),
    replay            String COMMENT 'the request that it was repeated for',
    INDEX by_account credit_reference TYPE bloom_filter GRANULARITY 1,
    INDEX by_transaction transaction_id TYPE bloom_filter GRANULARITY 1,
    INDEX by_delivery delivery_id TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, partition, offset)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;
