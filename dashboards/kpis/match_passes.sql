-- title: How money was matched
-- definition: Allocations that stand, by the pass of matching that made them.
-- unit: sources
-- grain: one row for each pass
-- trap: A payment that several passes allocated stands under the last one.
SELECT
    if(matched_cents = 0, 'unmatched', rule) AS pass,
    count() AS n,
    sum(received_cents) AS received_total_cents
FROM (@money_in)
GROUP BY pass
ORDER BY n DESC, pass
