-- title: Closed without a person
-- definition: Accounts whose balances were all paid in the period and on which no person ever acted, as a share of all accounts closed in it.
-- unit: percent
-- grain: accounts (credit references) by the business date of the match that closed them
-- target: at least 95 %
-- goal: >= 95
-- value: untouched_percent
-- leads: reconciliation
-- share: untouched_percent = untouched of n
-- baseline: pooled
-- trap: An account whose payment was returned is open again and leaves the count.
-- trap: An action at any time counts, not only one in the period.
SELECT
    count() AS n,
    countIf(NOT touched) AS untouched,
    if(n = 0, NULL, round(100 * untouched / n, 2)) AS untouched_percent
FROM (@closed_accounts)
