-- title: Manual adjustments
-- definition: Actions of people that were posted, for every 1,000 payments asked for in the same period.
-- unit: per_thousand
-- grain: actions and payments by business date
-- target: 70 % fewer than before
-- goal: none
-- value: per_thousand
-- leads: exceptions
-- share: per_thousand = actions of n
-- baseline: pooled
-- trap: The target speaks of the time before the system. Without a stored baseline the answer is "no baseline"; it is never taken for 0.
-- trap: What a person asked for and the ledger refused is not an adjustment.
SELECT
    actions,
    payments AS n,
    if(payments = 0, NULL, round(1000 * actions / payments, 2)) AS per_thousand,
    'none' AS baseline
FROM
(
    SELECT
        (
            SELECT count() FROM inputs
            WHERE source_topic = 'hms.operations.v1' AND type != 'window.exceeded.v1' AND outcome = 'posted' AND business_date BETWEEN {from:Date} AND {to:Date}
                AND ({hospital:String} = '' OR credit_reference IN
                    (SELECT credit_reference FROM payment_events WHERE kind = 'initiated' AND hospital_id = {hospital:String}))
        ) AS actions,
        (
            SELECT count() FROM payment_events
            WHERE kind = 'initiated' AND business_date BETWEEN {from:Date} AND {to:Date}
                AND ({hospital:String} = '' OR hospital_id = {hospital:String})
        ) AS payments
)
