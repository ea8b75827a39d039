-- title: Administrative returns
-- definition: Debit entries returned for account data (R02, R03, R04), as a share of the debit entries originated in the 60 days up to the last day of the period.
-- unit: percent
-- grain: debit entries by the business date of origination; each presentment is an entry
-- target: under 3 % (Nacha Operating Rules, return rate levels)
-- goal: <= 3
-- value: rate_percent
-- leads: returns
-- share: rate_percent = returns of n
-- share: used_percent = returns of n
-- baseline: window of 60 days
-- trap: Counts, not dollars. Credits are left out.
-- trap: A return counts on the day its entry was originated, so that the last days always look better than they are.
-- trap: An entry that was withdrawn before the bank saw it was never originated.
-- trap: The interval is Wilson's at 95 %: with few entries it is wide, and one return more changes the picture.
@rate
FROM
(
    SELECT count() AS n, countIf(code IN ('R02', 'R03', 'R04')) AS returns, 300 AS limit_basis_points, if(n = 0, 0, returns / n) AS share
    FROM (@debits)
)
