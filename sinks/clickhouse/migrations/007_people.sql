-- What people do: who did what, exceptions with owner and deadline, adjustments of the books. The columns that every table of effects has
-- are told in 001.

ALTER TABLE exception_events ADD COLUMN IF NOT EXISTS
    due_at Nullable(DateTime64(3, 'UTC')) COMMENT 'opened: by when it is to be closed; overdue: when the clock looks again',
    ADD COLUMN IF NOT EXISTS candidates String COMMENT 'opened: JSON of the answers to confirm: [[[balance ids], score], ...]',
    ADD COLUMN IF NOT EXISTS actor String COMMENT 'closed: the person whose act it was, empty for none',
    ADD COLUMN IF NOT EXISTS owner String COMMENT 'assigned, overdue: who has it',
    ADD COLUMN IF NOT EXISTS until Nullable(DateTime64(3, 'UTC')) COMMENT 'snoozed: it waits until then',
    ADD COLUMN IF NOT EXISTS level UInt16 COMMENT 'overdue: 1 at the deadline, 2 at the escalation';

ALTER TABLE deposits ADD COLUMN IF NOT EXISTS balance_id String COMMENT 'the balance that it named';

CREATE TABLE IF NOT EXISTS actions
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
    act_id           String COMMENT 'event id, by which a repeat is known',
    actor            String,
    action           LowCardinality(String) COMMENT 'assigned, commented, snoozed, resolved, proposed, approved, rejected, confirmed or revoked',
    about            String COMMENT 'exception, adjustment, or the payment or deposit that was matched',
    comment          String
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, about, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS adjustment_events
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
    kind             LowCardinality(String) COMMENT 'proposed or decided',
    adjustment_id    String,
    form             LowCardinality(String) COMMENT 'this and the next five: proposed; write_off, reinstate or refund',
    about            String COMMENT 'balance, or the payment or deposit whose money was given back',
    amount_cents     Int64,
    hospital_id      LowCardinality(String),
    reason           String,
    exception_id     String,
    verdict          LowCardinality(String) COMMENT 'decided: approved or rejected',
    actor            String COMMENT 'maker or checker'
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, adjustment_id, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS balance_adjustments
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
    adjustment_id    String,
    amount_cents     Int64 COMMENT 'negative: written off; positive: owed again',
    hospital_id      LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE OR REPLACE VIEW balances AS
SELECT
    b.credit_reference AS credit_reference, b.balance_id AS balance_id, b.hospital_id AS hospital_id, b.patient_id AS patient_id,
    b.reference AS reference, b.plan_id AS plan_id, b.component AS component, b.parent_id AS parent_id, b.due_date AS due_date,
    b.opened_at AS opened_at, b.opened_on AS opened_on, b.original_cents AS original_cents, m.matched_cents AS matched_cents,
    a.adjusted_cents AS adjusted_cents, b.original_cents - m.matched_cents + a.adjusted_cents AS open_cents,
    if(a.adjusted_at IS NULL, m.changed_at, if(m.changed_at IS NULL, a.adjusted_at, greatest(m.changed_at, a.adjusted_at))) AS changed_at
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
) AS m ON m.credit_reference = b.credit_reference AND m.balance_id = b.balance_id
LEFT JOIN
(
    SELECT credit_reference, balance_id, sum(amount_cents) AS adjusted_cents, max(toNullable(at)) AS adjusted_at
    FROM balance_adjustments
    GROUP BY credit_reference, balance_id
) AS a ON a.credit_reference = b.credit_reference AND a.balance_id = b.balance_id;

-- An exception that was opened again begins anew: what happened before it was opened last does not count.
CREATE OR REPLACE VIEW exceptions AS
SELECT
    exception_id,
    credit_reference,
    any(e.partition) AS partition,
    if(argMaxIf(e.kind, e.position, e.kind IN ('opened', 'closed')) = 'closed', 'closed', 'open') AS state,
    argMaxIf(e.code, e.position, e.kind = 'opened') AS code,
    argMaxIf(e.severity, e.position, e.kind = 'opened') AS severity,
    argMaxIf(e.about, e.position, e.kind = 'opened') AS about,
    argMaxIf(e.amount_cents, e.position, e.kind = 'opened') AS amount_cents,
    argMaxIf(e.detail, e.position, e.kind = 'opened') AS detail,
    argMaxIf(e.hospital_id, e.position, e.kind = 'opened') AS hospital_id,
    maxIf(e.at, e.kind = 'opened') AS opened_at,
    maxIf(e.business_date, e.kind = 'opened') AS opened_on,
    if(state = 'closed', maxOrNullIf(e.at, e.kind = 'closed'), NULL) AS closed_at,
    if(state = 'closed', argMaxIf(e.how, e.position, e.kind = 'closed'), '') AS how,
    if(state = 'closed', argMaxIf(e.actor, e.position, e.kind = 'closed'), '') AS closed_by,
    argMaxIf(e.due_at, e.position, e.kind = 'opened' AND e.due_at IS NOT NULL) AS due_at,
    argMaxIf(e.candidates, e.position, e.kind = 'opened') AS candidates,
    argMaxIf(e.owner, e.position, e.kind = 'assigned') AS owner,
    argMaxIf(e.until, e.position, e.kind = 'snoozed') AS snoozed_until,
    max(e.level) AS level,
    max(e.position) AS position
FROM
(
    SELECT *, max(if(kind = 'opened', position, 0)) OVER (PARTITION BY exception_id, credit_reference) AS opened_position
    FROM exception_events
) AS e
WHERE e.position >= e.opened_position
GROUP BY exception_id, credit_reference;

CREATE OR REPLACE VIEW adjustments AS
SELECT
    adjustment_id,
    credit_reference,
    any(e.partition) AS partition,
    if(countIf(e.kind = 'decided') = 0, 'proposed', argMaxIf(e.verdict, e.position, e.kind = 'decided')) AS state,
    anyIf(e.form, e.kind = 'proposed') AS form,
    anyIf(e.about, e.kind = 'proposed') AS about,
    anyIf(e.amount_cents, e.kind = 'proposed') AS amount_cents,
    anyIf(e.hospital_id, e.kind = 'proposed') AS hospital_id,
    anyIf(e.reason, e.kind = 'proposed') AS reason,
    anyIf(e.exception_id, e.kind = 'proposed') AS exception_id,
    anyIf(e.actor, e.kind = 'proposed') AS maker,
    anyIf(e.actor, e.kind = 'decided') AS checker,
    minIf(e.at, e.kind = 'proposed') AS proposed_at,
    maxOrNullIf(e.at, e.kind = 'decided') AS decided_at,
    max(e.position) AS position
FROM adjustment_events AS e
GROUP BY adjustment_id, credit_reference;
