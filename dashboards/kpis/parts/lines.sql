SELECT
    l.business_date AS business_date, l.partition AS partition, l.position AS position, l.about AS about, l.credit_reference AS credit_reference,
    l.debit AS debit, l.credit AS credit, l.amount_cents AS amount_cents,
    (l.partition, l.source_topic, l.source_offset) NOT IN
    (
        SELECT partition, source_topic, source_offset FROM inputs WHERE business_date BETWEEN {from:Date} AND {to:Date}
    ) AS no_input,
    (l.partition, bitShiftRight(l.position, 20)) NOT IN (SELECT partition, sequence FROM journal_records) AS no_record,
    is_payment AND about NOT IN (SELECT transaction_id FROM payment_events WHERE kind = 'decided' AND policy != '') AS no_decision,
    is_payment AND 'cash' IN (toString(l.debit), toString(l.credit))
        AND about NOT IN (SELECT transaction_id FROM payment_events WHERE trace_number != '') AS no_trace_number,
    is_payment AND 'cash' IN (toString(l.debit), toString(l.credit))
        AND about NOT IN (SELECT transaction_id FROM payment_events WHERE file_id != '') AS no_file,
    l.debit = 'cash' AND l.credit IN ('patient_receivable', 'suspense') AND about NOT IN
    (
        SELECT source_id FROM matches UNION DISTINCT SELECT source_id FROM suspense
    ) AS no_match,
    (l.partition, bitShiftRight(l.position, 20)) IN
    (
        SELECT r.partition, r.sequence FROM journal_records AS r INNER JOIN
        (
            SELECT partition, min(sequence) AS first_broken FROM
            (
                SELECT
                    partition, sequence, previous,
                    lagInFrame(hash, 1, repeat('0', 64)) OVER (PARTITION BY partition ORDER BY sequence ASC) AS hash_before,
                    row_number() OVER (PARTITION BY partition ORDER BY sequence ASC) AS place
                FROM (SELECT DISTINCT partition, sequence, previous, hash FROM journal_records)
            )
            WHERE previous != hash_before OR sequence + 1 != place
            GROUP BY partition
        ) AS b ON b.partition = r.partition
        WHERE r.sequence >= b.first_broken
    ) AS broken_chain,
    about IN (SELECT transaction_id FROM payment_events WHERE kind = 'initiated') AS is_payment
FROM ledger_entries AS l
WHERE l.business_date BETWEEN {from:Date} AND {to:Date} AND ({hospital:String} = '' OR l.hospital_id = {hospital:String})
