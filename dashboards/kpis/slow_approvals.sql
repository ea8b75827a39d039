-- title: Approvals of 5 minutes and more
-- definition: The payments that approval time counts as slow: approved after 5 minutes or more, or still waiting; slowest first.
-- unit: payments
-- grain: one row for each payment, 500 at most
-- trap: The list is cut at 500; the counts are in approval time.
SELECT
    transaction_id, credit_reference, hospital_id, amount_cents, asked_at,
    if(approved, 'approved', 'waiting') AS state,
    round(if(approved, seconds, dateDiff('millisecond', asked_at, {as_of:DateTime64(3, 'UTC')}) / 1000)) AS waited_seconds
FROM (@approvals)
WHERE (approved OR waiting) AND waited_seconds >= 300
ORDER BY waited_seconds DESC, transaction_id
LIMIT 500
