-- title: Exceptions per 1,000 payments
-- definition: Exceptions opened in the period for every 1,000 payments asked for in it.
-- unit: per_thousand
-- grain: exceptions and payments by business date
-- target: 30 % fewer than before
-- goal: none
-- value: per_thousand
-- leads: exceptions
-- share: per_thousand = opened of n
-- baseline: pooled
-- trap: Without a stored baseline the answer is "no baseline"; it is never taken for 0.
SELECT
    opened,
    payments AS n,
    if(payments = 0, NULL, round(1000 * opened / payments, 2)) AS per_thousand,
    'none' AS baseline
FROM
(
    SELECT
        (
            SELECT count() FROM exception_events
            WHERE kind = 'opened' AND business_date BETWEEN {from:Date} AND {to:Date}
                AND ({hospital:String} = '' OR hospital_id = {hospital:String})
        ) AS opened,
        (
            SELECT count() FROM payment_events
            WHERE kind = 'initiated' AND business_date BETWEEN {from:Date} AND {to:Date}
                AND ({hospital:String} = '' OR hospital_id = {hospital:String})
        ) AS payments
)
