-- title: Unmatched money
-- definition: Money in suspense now, by the time since it was put there.
-- unit: cents
-- grain: payments and deposits with money in suspense
-- target: none; what waits for an owner
-- goal: none
-- value: suspended_cents
-- leads: reconciliation
-- baseline: none
-- trap: It does not depend on the period: old money would fall out of it.
SELECT
    count() AS n,
    sum(cents) AS suspended_cents,
    sumIf(cents, hours < 24) AS days_0_1_cents,
    sumIf(cents, hours >= 24 AND hours < 72) AS days_1_3_cents,
    sumIf(cents, hours >= 72 AND hours < 168) AS days_3_7_cents,
    sumIf(cents, hours >= 168 AND hours < 720) AS days_7_30_cents,
    sumIf(cents, hours >= 720) AS days_over_30_cents,
    countIf(hours >= 720) AS older_than_30_days
FROM
(
    SELECT source_id, sum(amount_cents) AS cents, dateDiff('millisecond', maxIf(at, amount_cents > 0), {as_of:DateTime64(3, 'UTC')}) / 3600000 AS hours
    FROM suspense
    WHERE {hospital:String} = ''
        OR source_id IN (SELECT deposit_id FROM deposits WHERE hospital_id = {hospital:String})
        OR source_id IN (SELECT transaction_id FROM payment_events WHERE kind = 'initiated' AND hospital_id = {hospital:String})
    GROUP BY source_id
    HAVING cents > 0
)
