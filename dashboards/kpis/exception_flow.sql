-- title: Exceptions opened and closed
-- definition: For each business date, how many exceptions were opened and closed, and how many were open at its close.
-- unit: exceptions
-- grain: one row for each business date with a change
-- trap: An exception that is opened again counts as opened again.
SELECT day, opened, closed, open_at_close
FROM
(
    SELECT
        day, opened, closed,
        sum(toInt64(opened) - toInt64(closed)) OVER (ORDER BY day ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS open_at_close
    FROM
    (
        SELECT business_date AS day, countIf(kind = 'opened') AS opened, countIf(kind = 'closed') AS closed
        FROM exception_events
        WHERE {hospital:String} = '' OR exception_id IN (SELECT exception_id FROM exception_events WHERE hospital_id = {hospital:String})
        GROUP BY business_date
    )
)
WHERE day BETWEEN {from:Date} AND {to:Date}
ORDER BY day
