SELECT
    transaction_id,
    credit_reference,
    anyIf(e.hospital_id, e.kind = 'initiated') AS hospital_id,
    anyIf(e.amount_cents, e.kind = 'initiated') AS amount_cents,
    minIf(e.at, e.kind = 'initiated') AS asked_at,
    countIf(e.kind = 'decided' AND e.status = 'approved') > 0 AS approved,
    argMaxIf(e.status, e.position, e.status != '') IN ('received', 'held') AS waiting,
    argMinIf(e.at, e.position, e.kind = 'decided' AND e.status = 'approved') AS told_at,
    argMinIf(e.recorded_at, e.position, e.kind = 'decided' AND e.status = 'approved') AS written_at,
    if(dateDiff('second', told_at, written_at) > 86400, told_at, written_at) AS approved_at,
    greatest(0, dateDiff('millisecond', asked_at, approved_at)) / 1000 AS seconds
FROM payment_events AS e
WHERE transaction_id IN
(
    SELECT transaction_id FROM payment_events
    WHERE kind = 'initiated' AND business_date BETWEEN {from:Date} AND {to:Date} AND ({hospital:String} = '' OR hospital_id = {hospital:String})
)
GROUP BY transaction_id, credit_reference
HAVING countIf(e.kind = 'initiated') > 0
