-- title: Matched automatically
-- definition: Money received in the period that is allocated to balances in full, by count and by money.
-- unit: percent
-- grain: settled repayments and deposits by business date
-- target: none; by money
-- goal: none
-- value: matched_percent_of_money
-- leads: reconciliation
-- share: matched_percent_of_money = matched_in_full of n
-- share: matched_percent = matched_in_full of n
-- baseline: pooled
-- trap: A repayment that came back is neither received nor matched.
-- trap: A part that matches counts by money, not by count.
SELECT
    count() AS n,
    countIf(matched_cents = received_cents) AS matched_in_full,
    countIf(matched_cents > 0 AND matched_cents < received_cents) AS matched_in_part,
    countIf(matched_cents = 0) AS unmatched,
    sum(received_cents) AS received_total_cents,
    sum(matched_cents) AS matched_total_cents,
    sum(suspended_cents) AS suspended_total_cents,
    if(n = 0, NULL, round(100 * matched_in_full / n, 2)) AS matched_percent,
    if(received_total_cents = 0, NULL, round(100 * matched_total_cents / received_total_cents, 2)) AS matched_percent_of_money
FROM (@money_in)
