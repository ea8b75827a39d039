SELECT
    d.transaction_id AS transaction_id, d.credit_reference AS credit_reference, d.hospital_id AS hospital_id,
    d.business_date AS originated_on, d.amount_cents AS amount_cents, d.attempt AS attempt, d.position AS position,
    r.code AS code, r.entry_position > 0 AS came_back, r.returned_on AS returned_on, r.reason AS reason
FROM
(
    SELECT transaction_id, credit_reference, hospital_id, business_date, amount_cents, attempt, position
    FROM deliveries
    WHERE kind = 'ach_entry' AND side = 'debit' AND business_date BETWEEN addDays({to:Date}, -59) AND {to:Date}
        AND ({hospital:String} = '' OR hospital_id = {hospital:String})
        AND transaction_id NOT IN
        (
            SELECT transaction_id FROM payment_events
            WHERE transaction_id IN (SELECT transaction_id FROM payment_events WHERE status = 'canceled')
            GROUP BY transaction_id HAVING countIf(status = 'submitted') = 0
        )
) AS d
LEFT JOIN
(
    SELECT
        b.transaction_id AS transaction_id, b.credit_reference AS credit_reference, e.position AS entry_position,
        argMin(b.code, b.position) AS code, min(b.business_date) AS returned_on, argMin(b.reason, b.position) AS reason
    FROM
    (
        SELECT transaction_id, credit_reference, position, code, business_date, reason FROM payment_events
        WHERE status IN ('returned', 'charged_back') AND source_topic != 'hms.clock.v1' AND business_date >= addDays({to:Date}, -59)
    ) AS b
    ASOF JOIN
    (
        SELECT transaction_id, credit_reference, position FROM deliveries
        WHERE kind = 'ach_entry' AND side = 'debit'
            AND transaction_id IN (SELECT transaction_id FROM payment_events WHERE status IN ('returned', 'charged_back'))
    ) AS e
    ON b.transaction_id = e.transaction_id AND b.credit_reference = e.credit_reference AND b.position >= e.position
    GROUP BY b.transaction_id, b.credit_reference, e.position
) AS r
ON r.transaction_id = d.transaction_id AND r.credit_reference = d.credit_reference AND r.entry_position = d.position
