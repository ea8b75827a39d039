-- title: Return rates by week
-- definition: Nacha's three return rates of the debit entries originated in each week, over the 60 days up to the last day of the period.
-- unit: percent
-- grain: one row for each week, which begins on Monday
-- share: unauthorized_percent = unauthorized of n
-- share: administrative_percent = administrative of n
-- share: returned_percent = returned of n
-- trap: The last weeks are not over: returns for want of authorization may come for 60 days.
SELECT
    toMonday(originated_on) AS week,
    count() AS n,
    countIf(code IN ('R05', 'R07', 'R10', 'R11', 'R29', 'R51')) AS unauthorized,
    countIf(code IN ('R02', 'R03', 'R04')) AS administrative,
    countIf(code != '') AS returned,
    round(100 * unauthorized / n, 3) AS unauthorized_percent,
    round(100 * administrative / n, 3) AS administrative_percent,
    round(100 * returned / n, 3) AS returned_percent
FROM (@debits)
GROUP BY week
ORDER BY week
