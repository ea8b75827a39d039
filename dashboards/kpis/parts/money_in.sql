SELECT
    i.source_id AS source_id, i.credit_reference AS credit_reference, i.hospital_id AS hospital_id, i.kind AS kind,
    i.received_on AS received_on, i.received_at AS received_at, i.received_cents AS received_cents,
    m.matched_cents AS matched_cents, m.matched_at AS matched_at, m.rule AS rule, s.suspended_cents AS suspended_cents, s.reason AS reason
FROM
(
    SELECT
        p.transaction_id AS source_id, p.credit_reference AS credit_reference, p.hospital_id AS hospital_id, 'repayment' AS kind,
        s.received_on AS received_on, s.received_at AS received_at, p.amount_cents AS received_cents
    FROM
    (
        SELECT
            payment,
            maxIf(e.business_date, e.status = 'settled' AND e.source_topic != 'hms.clock.v1' AND e.business_date <= {to:Date}) AS received_on,
            maxIf(e.at, e.status = 'settled' AND e.source_topic != 'hms.clock.v1' AND e.business_date <= {to:Date}) AS received_at
        FROM payment_events AS e
        WHERE e.business_date >= addDays({from:Date}, -7) AND e.status != ''
        GROUP BY payment
        HAVING countIf(e.status = 'settled' AND e.source_topic != 'hms.clock.v1' AND e.business_date BETWEEN {from:Date} AND {to:Date}) > 0
            AND argMax(e.status, e.position) IN ('settled', 'completed')
    ) AS s
    INNER JOIN
    (
        SELECT payment, transaction_id, credit_reference, hospital_id, amount_cents FROM payment_events
        WHERE kind = 'initiated' AND direction = 'repayment' AND ({hospital:String} = '' OR hospital_id = {hospital:String})
            AND payment IN
            (
                SELECT payment FROM payment_events
                WHERE status = 'settled' AND source_topic != 'hms.clock.v1' AND business_date BETWEEN {from:Date} AND {to:Date}
            )
    ) AS p ON p.payment = s.payment
    UNION ALL
    SELECT deposit_id, credit_reference, hospital_id, 'deposit', business_date, at, amount_cents
    FROM deposits
    WHERE business_date BETWEEN {from:Date} AND {to:Date} AND ({hospital:String} = '' OR hospital_id = {hospital:String})
) AS i
LEFT JOIN
(
    SELECT
        source_id, credit_reference, sum(if(kind = 'matched', amount_cents, -amount_cents)) AS matched_cents,
        maxIf(at, kind = 'matched') AS matched_at, argMaxIf(rule, position, kind = 'matched') AS rule
    FROM matches
    WHERE business_date >= {from:Date}
        OR source_id IN (SELECT source_id FROM matches WHERE kind = 'unmatched' AND business_date >= {from:Date})
    GROUP BY source_id, credit_reference
) AS m ON m.source_id = i.source_id AND m.credit_reference = i.credit_reference
LEFT JOIN
(
    SELECT source_id, credit_reference, sum(amount_cents) AS suspended_cents, argMaxIf(reason, position, amount_cents > 0) AS reason
    FROM suspense GROUP BY source_id, credit_reference
) AS s ON s.source_id = i.source_id AND s.credit_reference = i.credit_reference
