-- How things stand now, worked out from the facts when asked. A fact that is in its table twice would not change an answer that takes the
-- latest, but would change a sum: the sums rely on the sink's exact blocks, which `hms-ach verify` checks.

CREATE VIEW IF NOT EXISTS ledger_lines AS
SELECT
    partition, position, source_topic, source_offset, ordinal, at, recorded_at, business_date, credit_reference, hospital_id, about,
    line.1 AS side, line.2 AS account, line.3 AS debit_cents, line.4 AS credit_cents, memo
FROM ledger_entries
ARRAY JOIN
[
    ('debit', toString(debit), amount_cents, toInt64(0)),
    ('credit', toString(credit), toInt64(0), amount_cents)
] AS line;

CREATE VIEW IF NOT EXISTS payments AS
SELECT
    transaction_id,
    credit_reference,
    any(e.partition) AS partition,
    argMaxIf(e.status, e.position, e.status != '') AS status,
    transform(status,
        ['received', 'held', 'approved', 'submitted', 'retry_scheduled', 'settled', 'completed', 'returned', 'charged_back'],
        ['P', 'P', 'P', 'P', 'P', 'S', 'S', 'R', 'R'], 'F') AS letter,
    anyIf(e.direction, e.kind = 'initiated') AS direction,
    anyIf(e.amount_cents, e.kind = 'initiated') AS amount_cents,
    anyIf(e.hospital_id, e.kind = 'initiated') AS hospital_id,
    anyIf(e.patient_id, e.kind = 'initiated') AS patient_id,
    anyIf(e.reference, e.kind = 'initiated') AS reference,
    anyIf(e.client_reference, e.kind = 'initiated') AS client_reference,
    anyIf(e.balance_id, e.kind = 'initiated') AS balance_id,
    anyIf(e.sec_code, e.kind = 'initiated') AS sec_code,
    minIf(e.at, e.kind = 'initiated') AS initiated_at,
    minIf(e.business_date, e.kind = 'initiated') AS initiated_on,
    minOrNullIf(e.recorded_at, e.kind = 'decided') AS decided_at,
    argMaxIf(e.policy, e.position, e.kind = 'decided') AS policy,
    argMaxIf(e.explanation, e.position, e.kind = 'decided') AS explanation,
    argMaxIf(e.reviewer, e.position, e.kind = 'decided') AS reviewer,
    argMaxIf(e.code, e.position, e.kind = 'moved') AS code,
    argMaxIf(e.reason, e.position, e.kind = 'moved') AS reason,
    argMaxIf(e.trace_number, e.position, e.trace_number != '') AS trace_number,
    argMaxIf(e.file_id, e.position, e.file_id != '') AS file_id,
    minOrNullIf(e.day, e.status = 'settled') AS first_settlement_date,
    maxOrNullIf(e.day, e.status = 'settled') AS settlement_date,
    maxOrNullIf(e.day, e.status IN ('returned', 'charged_back')) AS return_date,
    countIf(e.kind = 'retry') AS retries,
    argMax(e.due_at, e.position) AS due_at,
    max(e.at) AS changed_at,
    max(e.position) AS position
FROM payment_events AS e
GROUP BY transaction_id, credit_reference
HAVING countIf(e.kind = 'initiated') > 0;

CREATE VIEW IF NOT EXISTS returns AS
SELECT
    e.partition AS partition, e.position AS position, e.source_topic AS source_topic, e.source_offset AS source_offset, e.at AS at,
    e.business_date AS business_date, e.credit_reference AS credit_reference, e.transaction_id AS transaction_id, e.status AS status,
    e.code AS code, e.reason AS reason, e.day AS day, e.trace_number AS trace_number,
    p.direction AS direction, p.amount_cents AS amount_cents, p.hospital_id AS hospital_id, p.sec_code AS sec_code,
    p.business_date AS initiated_on
FROM (SELECT * FROM payment_events WHERE status IN ('returned', 'charged_back')) AS e
LEFT JOIN (SELECT * FROM payment_events WHERE kind = 'initiated') AS p
ON p.transaction_id = e.transaction_id AND p.credit_reference = e.credit_reference;

CREATE VIEW IF NOT EXISTS balances AS
SELECT
    b.credit_reference AS credit_reference, b.balance_id AS balance_id, b.hospital_id AS hospital_id, b.patient_id AS patient_id,
    b.reference AS reference, b.plan_id AS plan_id, b.due_date AS due_date, b.at AS opened_at, b.business_date AS opened_on,
    b.amount_cents AS original_cents, m.matched_cents AS matched_cents, b.amount_cents - m.matched_cents AS open_cents,
    m.changed_at AS changed_at
FROM balance_items AS b
LEFT JOIN
(
    SELECT
        credit_reference, balance_id,
        sum(if(kind = 'matched', amount_cents, -amount_cents)) AS matched_cents,
        max(toNullable(at)) AS changed_at
    FROM matches
    GROUP BY credit_reference, balance_id
) AS m ON m.credit_reference = b.credit_reference AND m.balance_id = b.balance_id;

CREATE VIEW IF NOT EXISTS exceptions AS
SELECT
    exception_id,
    credit_reference,
    any(e.partition) AS partition,
    if(argMax(e.kind, e.position) = 'closed', 'closed', 'open') AS state,
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
    max(e.position) AS position
FROM exception_events AS e
GROUP BY exception_id, credit_reference;

CREATE VIEW IF NOT EXISTS account_balances AS
SELECT credit_reference, hospital_id, account, sum(debit_cents) AS debit_cents, sum(credit_cents) AS credit_cents
FROM ledger_lines
GROUP BY credit_reference, hospital_id, account;
