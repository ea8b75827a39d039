-- title: Received, not matched
-- definition: Money received in the period of which a part is not allocated, with the reason.
-- unit: sources
-- grain: one row for each payment or deposit, the largest 500
-- trap: Money received before the period is in aged unmatched money.
SELECT
    source_id, kind, received_on, received_at, credit_reference, hospital_id, received_cents,
    matched_cents, received_cents - matched_cents AS unmatched_cents, reason
FROM (@money_in)
WHERE matched_cents < received_cents
ORDER BY unmatched_cents DESC, source_id
LIMIT 500
