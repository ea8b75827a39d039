SELECT
    transaction_id AS about, credit_reference, anyIf(amount_cents, kind = 'initiated') AS settled_cents,
    if(countIf(file_id != '') > 0 AND countIf(trace_number != '') > 0, settled_cents, 0) AS filed_cents
FROM payment_events
WHERE @whole
    AND payment IN
(
    SELECT payment FROM payment_events
    WHERE status = 'settled' AND source_topic != 'hms.clock.v1' AND business_date BETWEEN {from:Date} AND {to:Date}
)
GROUP BY transaction_id, credit_reference
HAVING {hospital:String} = '' OR anyIf(hospital_id, kind = 'initiated') = {hospital:String}
