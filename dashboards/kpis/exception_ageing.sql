-- title: Age of open exceptions
-- definition: Open exceptions by cause and by the time since they were opened.
-- unit: exceptions
-- grain: one row for each cause
-- trap: A day is 24 hours, weekends included.
SELECT
    code,
    countIf(hours < 24) AS days_0_1,
    countIf(hours >= 24 AND hours < 72) AS days_1_3,
    countIf(hours >= 72 AND hours < 168) AS days_3_7,
    countIf(hours >= 168 AND hours < 720) AS days_7_30,
    countIf(hours >= 720) AS days_over_30,
    count() AS open,
    sum(amount_cents) AS open_cents
FROM
(
    SELECT code, amount_cents, dateDiff('millisecond', opened_at, {as_of:DateTime64(3, 'UTC')}) / 3600000 AS hours
    FROM exceptions
    WHERE state = 'open' AND code != '' AND ({hospital:String} = '' OR hospital_id = {hospital:String})
)
GROUP BY code
ORDER BY open DESC, code
