-- title: Matches taken back
-- definition: Of the matches made without a person in the period, those that a person revoked since.
-- unit: percent
-- grain: payments and deposits by the business date of their first match
-- target: none; the fewer, the better the matching
-- goal: none
-- value: revoked_percent
-- leads: reconciliation
-- share: revoked_percent = revoked_sources of n
-- baseline: pooled
-- trap: A bank's return is no false match.
-- trap: The newest matches have had the least time to be found wrong.
SELECT
    count() AS n,
    countIf(revoked) AS revoked_sources,
    if(n = 0, NULL, round(100 * revoked_sources / n, 3)) AS revoked_percent
FROM
(
    SELECT
        source_id, credit_reference, countIf(kind = 'unmatched' AND reason = 'revoked') > 0 AS revoked,
        minIf(business_date, kind = 'matched' AND rule != 'person') AS matched_on
    FROM matches
    WHERE {hospital:String} = ''
        OR source_id IN (SELECT deposit_id FROM deposits WHERE hospital_id = {hospital:String})
        OR source_id IN (SELECT transaction_id FROM payment_events WHERE kind = 'initiated' AND hospital_id = {hospital:String})
    GROUP BY source_id, credit_reference
    HAVING countIf(kind = 'matched' AND rule != 'person') > 0
)
WHERE matched_on BETWEEN {from:Date} AND {to:Date}
