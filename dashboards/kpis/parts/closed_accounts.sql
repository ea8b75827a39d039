SELECT b.credit_reference AS credit_reference, b.hospital_id AS hospital_id, m.closed_on AS closed_on, p.touches > 0 AS touched
FROM
(
    SELECT credit_reference, any(i.hospital_id) AS hospital_id, sum(i.amount_cents) AS owed_cents
    FROM balance_items AS i
    WHERE {hospital:String} = '' OR i.hospital_id = {hospital:String}
    GROUP BY credit_reference
) AS b
INNER JOIN
(
    SELECT
        credit_reference, sum(cents) AS paid_cents, maxIf(business_date, cents > 0) AS closed_on
    FROM
    (
        SELECT credit_reference, business_date, if(kind = 'matched', amount_cents, -amount_cents) AS cents FROM matches
        UNION ALL
        SELECT credit_reference, business_date, -amount_cents AS cents FROM balance_adjustments
    )
    GROUP BY credit_reference
) AS m ON m.credit_reference = b.credit_reference
LEFT JOIN
(
    SELECT credit_reference, count() AS touches FROM inputs
    WHERE source_topic = 'hms.operations.v1' AND type != 'window.exceeded.v1' AND outcome = 'posted'
    GROUP BY credit_reference
) AS p ON p.credit_reference = b.credit_reference
WHERE b.owed_cents = m.paid_cents AND m.closed_on BETWEEN {from:Date} AND {to:Date}
