SELECT
    l.business_date AS business_date, l.partition AS partition, l.position AS position, l.about AS about, l.credit_reference AS credit_reference,
    l.debit AS debit, l.credit AS credit, l.amount_cents AS amount_cents,
    l.debit = 'cash' OR l.credit = 'cash' AS at_the_bank,
    (l.partition, cityHash64(l.source_topic), l.source_offset) NOT IN
    (
        SELECT partition, cityHash64(source_topic), source_offset FROM inputs WHERE business_date BETWEEN {from:Date} AND {to:Date}
    ) AS no_input,
    c.records = 0 OR bitShiftRight(l.position, 20) > c.last_sequence AS no_record,
    p.begun AND NOT p.decided AS no_decision,
    p.begun AND at_the_bank AND NOT p.traced AS no_trace_number,
    p.begun AND at_the_bank AND NOT p.filed AS no_file,
    l.debit = 'cash' AND l.credit IN ('patient_receivable', 'suspense') AND about NOT IN
    (
        SELECT source_id FROM matches WHERE business_date BETWEEN {from:Date} AND {to:Date}
        UNION DISTINCT
        SELECT source_id FROM suspense WHERE business_date BETWEEN {from:Date} AND {to:Date}
    ) AS no_match,
    c.breaks > 0 AND bitShiftRight(l.position, 20) >= c.first_broken AS broken_chain
FROM ledger_entries AS l
LEFT JOIN (@chain) AS c ON c.partition = l.partition
LEFT JOIN
(
    SELECT
        payment, countIf(kind = 'initiated') > 0 AS begun, countIf(kind = 'decided' AND policy != '') > 0 AS decided,
        countIf(trace_number != '') > 0 AS traced, countIf(file_id != '') > 0 AS filed
    FROM payment_events
    WHERE payment IN
    (
        SELECT reinterpretAsUInt128(sipHash128(about, credit_reference)) FROM ledger_entries WHERE business_date BETWEEN {from:Date} AND {to:Date}
    )
    GROUP BY payment
) AS p ON p.payment = reinterpretAsUInt128(sipHash128(l.about, l.credit_reference))
WHERE l.business_date BETWEEN {from:Date} AND {to:Date} AND ({hospital:String} = '' OR l.hospital_id = {hospital:String})
    AND (@whole OR l.recorded_at < {as_of:DateTime64(3, 'UTC')} - INTERVAL 5 MINUTE)
