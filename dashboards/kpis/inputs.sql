-- title: Events received
-- definition: Input events of the period by topic and by what became of them.
-- unit: events
-- grain: one row for each topic, outcome and reason
-- trap: The clock's ticks are left out when nothing was due.
SELECT source_topic AS topic, outcome, reason, count() AS events, max(at) AS last_at
FROM inputs
WHERE business_date BETWEEN {from:Date} AND {to:Date}
GROUP BY topic, outcome, reason
ORDER BY topic, outcome = 'posted' DESC, events DESC, reason
