-- title: How long approvals take
-- definition: Approved payments by the time from request to approval; those that still wait stand by how long they have waited.
-- unit: payments
-- grain: one row for each class of time
-- trap: Classes are half open: 5 minutes exactly is no longer under 5 minutes.
SELECT
    bucket,
    ['under 1 s', '1–10 s', '10–60 s', '1–5 min', '5–15 min', '15–60 min', '1–8 h', 'over 8 h'][bucket] AS label,
    countIf(approved) AS approved_payments,
    countIf(NOT approved) AS waiting_payments
FROM
(
    SELECT
        approved,
        if(approved, seconds, dateDiff('millisecond', asked_at, {as_of:DateTime64(3, 'UTC')}) / 1000) AS took,
        multiIf(took < 1, 1, took < 10, 2, took < 60, 3, took < 300, 4, took < 900, 5, took < 3600, 6, took < 28800, 7, 8) AS bucket
    FROM (@approvals)
    WHERE approved OR waiting
)
GROUP BY bucket
ORDER BY bucket
