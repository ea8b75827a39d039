-- title: Rules that fired
-- definition: For each rule of the books in force in the period: payments it fired on, what was decided, and the money.
-- unit: payments
-- grain: one row for each rule and book version
-- trap: Several rules may fire on one payment; each counts it.
-- trap: The decision is the strongest outcome of all rules that fired, not of this one alone.
SELECT
    rule, policy, count() AS hits,
    countIf(status = 'approved') AS approved, countIf(status = 'held') AS held, countIf(status = 'declined') AS declined,
    sum(p.amount_cents) AS hit_cents
FROM
(
    SELECT payment, arrayJoin(rules) AS rule, policy, status FROM payment_events
    WHERE kind = 'decided' AND notEmpty(rules) AND business_date BETWEEN {from:Date} AND {to:Date}
) AS e
INNER JOIN
(
    SELECT payment, amount_cents FROM payment_events
    WHERE kind = 'initiated' AND ({hospital:String} = '' OR hospital_id = {hospital:String})
        AND payment IN (SELECT payment FROM payment_events WHERE kind = 'decided' AND notEmpty(rules) AND business_date BETWEEN {from:Date} AND {to:Date})
) AS p ON p.payment = e.payment
GROUP BY rule, policy
ORDER BY hits DESC, rule, policy
