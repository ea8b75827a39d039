-- What the rule book charges. A row of `balance_items` adds its amount to what is owed on its balance, whatever its kind: the sum of a
-- balance's rows is its original amount, less what is matched it is open.

ALTER TABLE balance_items ADD COLUMN IF NOT EXISTS
    kind LowCardinality(String) DEFAULT 'opened' COMMENT 'opened by CREDIT; charged or waived by the rule book; recast: a plan was spread anew' AFTER credit_reference;
ALTER TABLE balance_items ADD COLUMN IF NOT EXISTS component LowCardinality(String) DEFAULT 'principal' COMMENT 'principal, fees or interest; empty for changes';
ALTER TABLE balance_items ADD COLUMN IF NOT EXISTS parent_id String COMMENT 'of a charge: the balance that it belongs to';
ALTER TABLE balance_items ADD COLUMN IF NOT EXISTS name LowCardinality(String) COMMENT 'of a charge: late-fee, interest, return-fee, or the name of a fee';
ALTER TABLE balance_items ADD COLUMN IF NOT EXISTS about String COMMENT 'of a charge: payment or balance that it was charged for';
ALTER TABLE balance_items ADD COLUMN IF NOT EXISTS policy LowCardinality(String) COMMENT 'version of the rule book';
ALTER TABLE balance_items ADD COLUMN IF NOT EXISTS explanation String;
ALTER TABLE balance_items ADD COLUMN IF NOT EXISTS reason LowCardinality(String) COMMENT 'of a waiver';
ALTER TABLE alerts ADD COLUMN IF NOT EXISTS route Array(String) COMMENT 'who gets it, by the rule book';
ALTER TABLE alerts ADD COLUMN IF NOT EXISTS window String COMMENT 'window across accounts that went beyond the usual; empty for other alerts';

CREATE TABLE IF NOT EXISTS accruals
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
    balance_id       String,
    since            Nullable(Date) COMMENT 'the day the balance was opened',
    accrued_to       Nullable(Date) COMMENT 'interest is posted or pending for every day before; NULL when it bears none',
    pending_cents    Int64 COMMENT 'interest of the running period so far',
    due_at           Nullable(DateTime64(3, 'UTC')) COMMENT 'when the clock looks at the balance again'
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE OR REPLACE VIEW balances AS
SELECT
    b.credit_reference AS credit_reference, b.balance_id AS balance_id, b.hospital_id AS hospital_id, b.patient_id AS patient_id,
    b.reference AS reference, b.plan_id AS plan_id, b.component AS component, b.parent_id AS parent_id, b.due_date AS due_date,
    b.opened_at AS opened_at, b.opened_on AS opened_on, b.original_cents AS original_cents, m.matched_cents AS matched_cents,
    b.original_cents - m.matched_cents AS open_cents, m.changed_at AS changed_at
FROM
(
    SELECT
        credit_reference, balance_id,
        anyIf(i.hospital_id, i.kind IN ('opened', 'charged')) AS hospital_id, anyIf(i.patient_id, i.kind IN ('opened', 'charged')) AS patient_id,
        anyIf(i.reference, i.kind IN ('opened', 'charged')) AS reference, anyIf(i.plan_id, i.kind IN ('opened', 'charged')) AS plan_id,
        anyIf(i.component, i.kind IN ('opened', 'charged')) AS component, anyIf(i.parent_id, i.kind IN ('opened', 'charged')) AS parent_id,
        anyIf(i.due_date, i.kind IN ('opened', 'charged')) AS due_date, anyIf(i.at, i.kind IN ('opened', 'charged')) AS opened_at,
        anyIf(i.business_date, i.kind IN ('opened', 'charged')) AS opened_on, sum(i.amount_cents) AS original_cents
    FROM balance_items AS i
    GROUP BY credit_reference, balance_id
) AS b
LEFT JOIN
(
    SELECT
        credit_reference, balance_id,
        sum(if(kind = 'matched', amount_cents, -amount_cents)) AS matched_cents,
        max(toNullable(at)) AS changed_at
    FROM matches
    GROUP BY credit_reference, balance_id
) AS m ON m.credit_reference = b.credit_reference AND m.balance_id = b.balance_id;
