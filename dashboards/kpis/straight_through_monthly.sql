-- title: Closed without a person, by month
-- definition: Straight-through closure for each calendar month of the period.
-- unit: percent
-- grain: one row for each month
-- share: untouched_percent = untouched of n
-- trap: The first and last months are cut by the period.
SELECT
    toStartOfMonth(closed_on) AS month,
    count() AS n,
    countIf(NOT touched) AS untouched,
    round(100 * untouched / n, 2) AS untouched_percent
FROM (@closed_accounts)
GROUP BY month
ORDER BY month
