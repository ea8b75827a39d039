-- title: Payments by day
-- definition: For each business date, payments asked for, approved, submitted, settled and returned: count and dollars.
-- unit: payments
-- grain: one row for each business date; each step on its own date
-- trap: A payment stands in each column on the day that step was taken, so that a row is no funnel.
-- trap: A return that the clock repeats because a retry was given up is one return.
SELECT
    day,
    countIf(step = 'initiated') AS initiated, sumIf(cents, step = 'initiated') AS initiated_cents,
    countIf(step = 'approved') AS approved, sumIf(cents, step = 'approved') AS approved_cents,
    countIf(step = 'submitted') AS submitted, sumIf(cents, step = 'submitted') AS submitted_cents,
    countIf(step = 'settled') AS settled, sumIf(cents, step = 'settled') AS settled_cents,
    countIf(step = 'returned') AS returned, sumIf(cents, step = 'returned') AS returned_cents
FROM
(
    SELECT e.business_date AS day, e.step AS step, p.amount_cents AS cents
    FROM
    (
        SELECT
            business_date, payment,
            multiIf
            (
                kind = 'initiated', 'initiated',
                kind = 'decided' AND status = 'approved', 'approved',
                status IN ('returned', 'charged_back'), 'returned',
                toString(status)
            ) AS step
        FROM payment_events
        WHERE business_date BETWEEN {from:Date} AND {to:Date} AND source_topic != 'hms.clock.v1'
    ) AS e
    INNER JOIN
    (
        SELECT payment, amount_cents FROM payment_events
        WHERE kind = 'initiated' AND ({hospital:String} = '' OR hospital_id = {hospital:String})
            AND payment IN (SELECT payment FROM payment_events WHERE business_date BETWEEN {from:Date} AND {to:Date})
    ) AS p ON p.payment = e.payment
    WHERE step IN ('initiated', 'approved', 'submitted', 'settled', 'returned')
)
GROUP BY day
ORDER BY day
