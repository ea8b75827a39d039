-- title: Expected and received
-- definition: For each business date what fell due, what was received, what of that is allocated and what lies in suspense.
-- unit: cents
-- grain: one row for each date with any of them
-- trap: Due dates are CREDIT's calendar dates; money that comes early or late stands on its own date.
SELECT day, sum(e) AS expected_cents, sum(r) AS received_cents, sum(m) AS matched_cents, sum(s) AS suspended_cents, sum(c) AS received_count
FROM
(
    SELECT due_date AS day, amount_cents AS e, toInt64(0) AS r, toInt64(0) AS m, toInt64(0) AS s, 0 AS c
    FROM balance_items
    WHERE due_date BETWEEN {from:Date} AND {to:Date} AND ({hospital:String} = '' OR hospital_id = {hospital:String})
    UNION ALL
    SELECT received_on, 0, received_cents, matched_cents, suspended_cents, 1 FROM (@money_in)
)
GROUP BY day
ORDER BY day
