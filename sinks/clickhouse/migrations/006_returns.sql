-- What returns leave behind beyond their payment: notices of change, bars against further entries, duties with a deadline, and the disputes
-- of returns between banks. The columns that every table of effects has are told in 001. A return is told once in the view of returns,
-- however often its payment moves afterwards: the clock repeats it when a re-presentment is dropped, a contest lets it stand again.

CREATE TABLE IF NOT EXISTS account_changes
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
    transaction_id   String COMMENT 'the payment whose entry drew the notice of change',
    code             LowCardinality(String) COMMENT 'change code, C01 to C14',
    fields           Array(String) COMMENT 'what it corrects; empty when it cannot be applied',
    day              Nullable(Date),
    trace_number     String
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS bars
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
    kind             LowCardinality(String) COMMENT 'barred or unbarred',
    bar              LowCardinality(String) COMMENT 'instrument or authorization',
    transaction_id   String COMMENT 'the payment whose return stands against further entries',
    code             LowCardinality(String),
    day              Nullable(Date),
    how              String
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS duties
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
    kind             LowCardinality(String) COMMENT 'opened or closed',
    duty             LowCardinality(String) COMMENT 'dishonor, contest, corrected_entry or change',
    transaction_id   String,
    code             LowCardinality(String),
    day              Nullable(Date) COMMENT 'that it counts from',
    until            Nullable(Date) COMMENT 'the last day',
    due_at           Nullable(DateTime64(3, 'UTC')),
    amount_cents     Int64,
    hospital_id      LowCardinality(String),
    how              String
)
ENGINE = ReplacingMergeTree
ORDER BY (transaction_id, duty, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS disputes
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
    stage            LowCardinality(String) COMMENT 'dishonored or contested',
    code             LowCardinality(String),
    return_code      LowCardinality(String) COMMENT 'of the return that is disputed',
    day              Nullable(Date),
    trace_number     String,
    amount_cents     Int64,
    hospital_id      LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (transaction_id, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE OR REPLACE VIEW returns AS
SELECT
    e.partition AS partition, e.position AS position, e.source_topic AS source_topic, e.source_offset AS source_offset, e.at AS at,
    e.business_date AS business_date, e.credit_reference AS credit_reference, e.transaction_id AS transaction_id, e.status AS status,
    e.code AS code, e.reason AS reason, e.day AS day, e.trace_number AS trace_number,
    p.direction AS direction, p.amount_cents AS amount_cents, p.hospital_id AS hospital_id, p.sec_code AS sec_code,
    p.business_date AS initiated_on
FROM
(
    SELECT *
    FROM payment_events
    WHERE kind = 'moved' AND status IN ('returned', 'charged_back') AND reason != 'return_contested'
    ORDER BY position
    LIMIT 1 BY credit_reference, transaction_id, day, code
) AS e
LEFT JOIN (SELECT * FROM payment_events WHERE kind = 'initiated') AS p
ON p.transaction_id = e.transaction_id AND p.credit_reference = e.credit_reference;

CREATE VIEW IF NOT EXISTS open_duties AS
SELECT
    credit_reference, transaction_id, duty,
    argMax(code, position) AS code, argMax(day, position) AS day, argMax(until, position) AS until, argMax(due_at, position) AS due_at,
    argMax(amount_cents, position) AS amount_cents, argMax(hospital_id, position) AS hospital_id
FROM duties
GROUP BY credit_reference, transaction_id, duty
HAVING argMax(kind, position) = 'opened';
