-- title: Retries that settled
-- definition: Re-presented debit entries (R01, R09) that settled and did not come back, as a share of those whose end is known.
-- unit: percent
-- grain: second and third presentments, by origination over the 60 days up to the last day of the period
-- target: none
-- goal: none
-- value: settled_percent
-- leads: returns
-- share: settled_percent = settled_entries of n
-- baseline: window of 60 days
-- trap: What is still under way is in neither part of the share.
SELECT
    count() AS represented,
    countIf(came_back) AS returned_again,
    countIf(NOT came_back AND settled) AS settled_entries,
    returned_again + settled_entries AS n,
    if(n = 0, NULL, round(100 * settled_entries / n, 2)) AS settled_percent
FROM
(
    SELECT d.came_back AS came_back, s.position > d.position AS settled
    FROM (SELECT * FROM (@debits) WHERE attempt > 1) AS d
    LEFT JOIN
    (
        SELECT payment, max(position) AS position FROM payment_events
        WHERE status = 'settled' AND business_date >= addDays({to:Date}, -59)
        GROUP BY payment
    ) AS s
    ON s.payment = d.payment
)
