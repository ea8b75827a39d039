-- title: Hospitals by return rate
-- definition: Nacha's three return rates for each hospital over the 60 days up to the last day of the period, nearest to a limit first.
-- unit: percent
-- grain: one row for each hospital
-- share: unauthorized_percent = unauthorized of n
-- share: administrative_percent = administrative of n
-- share: returned_percent = returned of n
-- share: used_percent = returned of n
-- trap: Nacha measures the originator; a hospital's own rate shows where a breach comes from.
SELECT
    hospital_id,
    count() AS n,
    countIf(code IN ('R05', 'R07', 'R10', 'R11', 'R29', 'R51')) AS unauthorized,
    countIf(code IN ('R02', 'R03', 'R04')) AS administrative,
    countIf(code != '') AS returned,
    round(100 * unauthorized / n, 3) AS unauthorized_percent,
    round(100 * administrative / n, 3) AS administrative_percent,
    round(100 * returned / n, 3) AS returned_percent,
    greatest(0, intDiv(n * 50, 10000) + 1 - unauthorized) AS unauthorized_until_breach,
    greatest(0, intDiv(n * 300, 10000) + 1 - administrative) AS administrative_until_breach,
    greatest(0, intDiv(n * 1500, 10000) + 1 - returned) AS returned_until_breach,
    round(greatest(unauthorized * 20000.0, administrative * 10000 / 3, returned * 10000 / 15) / n, 1) AS used_percent
FROM (@debits)
GROUP BY hospital_id
ORDER BY used_percent DESC, hospital_id
