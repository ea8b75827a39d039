SELECT
    e.payment AS payment,
    any(e.transaction_id) AS transaction_id,
    any(e.credit_reference) AS credit_reference,
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
WHERE e.business_date >= addDays({from:Date}, -7)
GROUP BY e.payment
HAVING countIf
(
    e.kind = 'initiated' AND e.business_date BETWEEN {from:Date} AND {to:Date} AND ({hospital:String} = '' OR e.hospital_id = {hospital:String})
) > 0
