-- title: Exceptions closed in time
-- definition: Of the exceptions whose deadline lies in the period, those that were closed by it.
-- unit: percent
-- grain: exceptions by their deadline
-- target: 95 % by their deadline
-- goal: >= 95
-- value: in_time_percent
-- leads: exceptions
-- share: in_time_percent = in_time of n
-- baseline: pooled
-- trap: A deadline is so many whole banking days after the exception was opened, by its severity and amount.
-- trap: Snoozing one does not move its deadline.
-- trap: An exception that was opened again has the deadline of its last opening.
SELECT
    count() AS n,
    countIf(state = 'closed' AND closed_at <= due_at) AS in_time,
    countIf(state = 'open') AS still_open,
    countIf(state = 'closed' AND closed_at > due_at) AS closed_late,
    if(n = 0, NULL, round(100 * in_time / n, 2)) AS in_time_percent
FROM exceptions
WHERE code != '' AND due_at IS NOT NULL
    AND toDate(due_at, 'America/New_York') BETWEEN {from:Date} AND {to:Date}
    AND (state = 'closed' OR due_at <= {as_of:DateTime64(3, 'UTC')})
    AND ({hospital:String} = '' OR hospital_id = {hospital:String})
