-- title: Life of payments
-- definition: Payments asked for in the period, and how many of them have reached each step: count and dollars.
-- unit: payments
-- grain: payments by the business date they were asked for
-- trap: A payment that came back has settled before only if the bank said so.
-- trap: Failed holds what was declined, canceled or failed.
SELECT
    count() AS n,
    sum(amount) AS initiated_cents,
    countIf(was_approved) AS approved, sumIf(amount, was_approved) AS approved_cents,
    countIf(was_submitted) AS submitted, sumIf(amount, was_submitted) AS submitted_cents,
    countIf(was_settled) AS settled, sumIf(amount, was_settled) AS settled_cents,
    countIf(now IN ('received', 'held')) AS waiting, sumIf(amount, now IN ('received', 'held')) AS waiting_cents,
    countIf(now IN ('declined', 'canceled', 'failed')) AS failed, sumIf(amount, now IN ('declined', 'canceled', 'failed')) AS failed_cents,
    countIf(was_returned) AS returned, sumIf(amount, was_returned) AS returned_cents
FROM
(
    SELECT
        anyIf(amount_cents, kind = 'initiated') AS amount,
        countIf(kind = 'decided' AND status = 'approved') > 0 AS was_approved,
        countIf(status = 'submitted') > 0 AS was_submitted,
        countIf(status = 'settled') > 0 AS was_settled,
        countIf(status IN ('returned', 'charged_back')) > 0 AS was_returned,
        argMaxIf(status, position, status != '') AS now
    FROM payment_events
    WHERE business_date >= addDays({from:Date}, -7)
    GROUP BY payment
    HAVING countIf
    (
        kind = 'initiated' AND business_date BETWEEN {from:Date} AND {to:Date} AND ({hospital:String} = '' OR hospital_id = {hospital:String})
    ) > 0
)
