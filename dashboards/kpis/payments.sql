-- title: Payments
-- definition: Payments asked for in the period, newest first.
-- unit: payments
-- grain: one row for each payment, 500 at most
-- trap: The list is cut at 500; the counts are in the life of payments.
SELECT
    p.initiated_at AS asked_at, p.transaction_id AS transaction_id, p.credit_reference AS credit_reference, p.hospital_id AS hospital_id,
    p.direction AS direction, p.amount_cents AS amount_cents, p.status AS status, p.letter AS letter, p.code AS code, p.reason AS reason,
    p.trace_number AS trace_number
FROM payments AS p
WHERE p.transaction_id IN
(
    SELECT transaction_id FROM payment_events
    WHERE kind = 'initiated' AND business_date BETWEEN {from:Date} AND {to:Date} AND ({hospital:String} = '' OR hospital_id = {hospital:String})
        AND
        (
            {status:String} = ''
            OR transaction_id IN
            (
                SELECT transaction_id FROM payment_events GROUP BY transaction_id
                HAVING argMaxIf(status, position, status != '') = {status:String}
            )
        )
    ORDER BY at DESC, transaction_id
    LIMIT 500
)
ORDER BY asked_at DESC, transaction_id
