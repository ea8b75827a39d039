-- title: Alerts
-- definition: Alerts raised in the period, by severity. A rule of a book that breaks is one alert, though each partition tells it.
-- unit: alerts
-- grain: one row
-- target: none; in the period
-- goal: none
-- value: serious
-- leads: rules
-- baseline: averaged
-- trap: Its baseline is a mean over three periods; of a hospital that was not there for all of them it is too low.
-- trap: An alert has no end; what has to be done about it is an exception.
SELECT
    count() AS n,
    countIf(severity IN ('critical', 'high')) AS serious,
    countIf(severity = 'critical') AS critical,
    countIf(severity = 'high') AS high,
    countIf(severity = 'medium') AS medium,
    countIf(severity = 'low') AS low
FROM alerts
WHERE business_date BETWEEN {from:Date} AND {to:Date} AND ({hospital:String} = '' OR hospital_id = {hospital:String})
    AND
    (
        alert != 'rule_broken'
        OR (at, partition, position) IN (SELECT min((at, partition, position)) FROM alerts WHERE alert = 'rule_broken' GROUP BY window)
    )
