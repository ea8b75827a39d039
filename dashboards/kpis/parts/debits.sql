SELECT
    d.payment AS payment, d.transaction_id AS transaction_id, d.credit_reference AS credit_reference, d.hospital_id AS hospital_id,
    d.business_date AS originated_on, d.sec_code AS sec_code, d.amount_cents AS amount_cents, d.attempt AS attempt, d.position AS position,
    r.code AS code, r.entry_position > 0 AS came_back, r.returned_on AS returned_on, r.reason AS reason
FROM
(
    SELECT payment, transaction_id, credit_reference, hospital_id, business_date, sec_code, amount_cents, attempt, position
    FROM deliveries
    WHERE kind = 'ach_entry' AND side = 'debit' AND business_date BETWEEN addDays({to:Date}, -59) AND {to:Date}
        AND ({hospital:String} = '' OR hospital_id = {hospital:String})
        AND payment NOT IN
        (
            SELECT payment FROM payment_events
            WHERE status IN ('canceled', 'submitted') AND business_date >= addDays({to:Date}, -66)
            GROUP BY payment HAVING countIf(status = 'canceled') > 0 AND countIf(status = 'submitted') = 0
        )
) AS d
LEFT JOIN
(
    SELECT
        b.payment AS payment, e.position AS entry_position,
        argMin(b.code, b.position) AS code, min(b.business_date) AS returned_on, argMin(b.reason, b.position) AS reason
    FROM
    (
        SELECT payment, position, code, business_date, reason FROM payment_events
        WHERE status IN ('returned', 'charged_back') AND source_topic != 'hms.clock.v1' AND business_date >= addDays({to:Date}, -59)
    ) AS b
    ASOF JOIN
    (
        SELECT payment, position FROM deliveries
        WHERE kind = 'ach_entry' AND side = 'debit' AND business_date >= addDays({to:Date}, -59)
            AND payment IN
            (
                SELECT payment FROM payment_events
                WHERE status IN ('returned', 'charged_back') AND source_topic != 'hms.clock.v1' AND business_date >= addDays({to:Date}, -59)
            )
    ) AS e
    ON b.payment = e.payment AND b.position >= e.position
    GROUP BY b.payment, e.position
) AS r
ON r.payment = d.payment AND r.entry_position = d.position
