-- title: Exceptions closed without a person
-- definition: Of the exceptions closed in the period, those whose cause went away by itself.
-- unit: percent
-- grain: exceptions by the date they were closed
-- target: none; the higher, the less work
-- goal: none
-- value: without_person_percent
-- leads: exceptions
-- share: without_person_percent = without_person of n
-- baseline: pooled
-- trap: Money that a bank or patient sent counts as by itself; a person's match, review, resolution or adjustment does not.
SELECT
    count() AS n,
    countIf(closed_by = '') AS without_person,
    countIf(closed_by != '') AS by_person,
    if(n = 0, NULL, round(100 * without_person / n, 2)) AS without_person_percent
FROM exceptions
WHERE state = 'closed' AND code != ''
    AND toDate(closed_at, 'America/New_York') BETWEEN {from:Date} AND {to:Date}
    AND ({hospital:String} = '' OR hospital_id = {hospital:String})
