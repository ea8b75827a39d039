SELECT
    about, credit_reference, sum(posted_cents) AS ledger_cents,
    sum(settled_cents) + sum(unknown_cents) - sum(refunded_cents) AS bank_cents
FROM
(
    SELECT
        about, credit_reference, sum(if(debit = 'cash', amount_cents, -amount_cents)) AS posted_cents, toInt64(0) AS settled_cents,
        toInt64(0) AS unknown_cents, toInt64(0) AS refunded_cents
    FROM ledger_entries
    WHERE debit = 'cash' OR credit = 'cash'
    GROUP BY about, credit_reference
    UNION ALL
    SELECT
        transaction_id, credit_reference, 0,
        if(
            argMaxIf(status, position, status != '') IN ('settled', 'completed'),
            if(anyIf(direction, kind = 'initiated') = 'repayment', 1, -1) * anyIf(amount_cents, kind = 'initiated'), 0
        ),
        0, 0
    FROM payment_events
    GROUP BY transaction_id, credit_reference
    UNION ALL
    SELECT deposit_id, credit_reference, 0, amount_cents, 0, 0 FROM deposits
    UNION ALL
    SELECT source_id, credit_reference, 0, 0, sum(amount_cents), 0
    FROM suspense
    WHERE reason IN ('no payment known', 'returned', 'the payment came')
    GROUP BY source_id, credit_reference
    UNION ALL
    SELECT anyIf(about, kind = 'proposed'), credit_reference, 0, 0, 0, anyIf(amount_cents, kind = 'proposed')
    FROM adjustment_events
    GROUP BY credit_reference, adjustment_id
    HAVING countIf(verdict = 'approved') > 0 AND anyIf(form, kind = 'proposed') = 'refund'
)
WHERE (about, credit_reference) IN
(
    SELECT about, credit_reference FROM ledger_entries
    WHERE (debit = 'cash' OR credit = 'cash') AND business_date BETWEEN {from:Date} AND {to:Date}
        AND ({hospital:String} = '' OR hospital_id = {hospital:String})
    UNION DISTINCT
    SELECT transaction_id, credit_reference FROM payment_events
    WHERE status IN ('settled', 'returned', 'charged_back') AND business_date BETWEEN {from:Date} AND {to:Date}
        AND ({hospital:String} = '' OR payment IN (SELECT payment FROM payment_events WHERE kind = 'initiated' AND hospital_id = {hospital:String}))
    UNION DISTINCT
    SELECT deposit_id, credit_reference FROM deposits
    WHERE business_date BETWEEN {from:Date} AND {to:Date} AND ({hospital:String} = '' OR hospital_id = {hospital:String})
)
GROUP BY about, credit_reference
