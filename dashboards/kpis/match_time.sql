-- title: Time to match
-- definition: Time from the bank's event to the allocation of its money, for money received in the period that was matched.
-- unit: seconds
-- grain: settled repayments and deposits by business date
-- target: none; median
-- goal: none
-- value: p50_seconds
-- leads: reconciliation
-- baseline: pooled
-- trap: What is not matched yet has no time; see aged unmatched money.
SELECT
    count() AS n,
    if(n = 0, NULL, quantileExact(0.5)(seconds)) AS p50_seconds,
    if(n = 0, NULL, quantileExact(0.9)(seconds)) AS p90_seconds
FROM (SELECT greatest(0, dateDiff('millisecond', received_at, matched_at)) / 1000 AS seconds FROM (@money_in) WHERE matched_cents > 0)
