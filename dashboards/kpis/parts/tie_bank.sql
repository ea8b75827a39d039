SELECT
    max(name) AS about, max(account) AS credit_reference, sum(posted_cents) AS ledger_cents,
    sum(settled_cents) + sum(unknown_cents) - sum(refunded_cents) AS bank_cents
FROM
(
    SELECT
        reinterpretAsUInt128(sipHash128(about, credit_reference)) AS item, any(about) AS name, any(credit_reference) AS account,
        sum(if(debit = 'cash', amount_cents, -amount_cents)) AS posted_cents, toInt64(0) AS settled_cents, toInt64(0) AS unknown_cents,
        toInt64(0) AS refunded_cents
    FROM ledger_entries
    WHERE (debit = 'cash' OR credit = 'cash') AND item IN (@tie_items)
        AND @whole
    GROUP BY item
    UNION ALL
    SELECT
        payment, any(transaction_id), any(credit_reference), 0,
        if(
            argMaxIf(status, position, status != '') IN ('settled', 'completed'),
            if(anyIf(direction, kind = 'initiated') = 'repayment', 1, -1) * anyIf(amount_cents, kind = 'initiated'), 0
        ),
        0, 0
    FROM payment_events
    WHERE payment IN (@tie_items)
        AND @whole
    GROUP BY payment
    UNION ALL
    SELECT reinterpretAsUInt128(sipHash128(deposit_id, credit_reference)) AS item, deposit_id, credit_reference, 0, amount_cents, 0, 0
    FROM deposits
    WHERE item IN (@tie_items)
        AND @whole
    UNION ALL
    SELECT reinterpretAsUInt128(sipHash128(source_id, credit_reference)) AS item, '', '', 0, 0, sum(amount_cents), 0
    FROM suspense
    WHERE reason IN ('no payment known', 'returned', 'the payment came') AND item IN (@tie_items)
        AND @whole
    GROUP BY item
    UNION ALL
    SELECT reinterpretAsUInt128(sipHash128(refund.1, refund.2)) AS item, '', '', 0, 0, 0, refund.3
    FROM
    (
        SELECT (anyIf(about, kind = 'proposed'), any(credit_reference), anyIf(amount_cents, kind = 'proposed')) AS refund
        FROM adjustment_events
        WHERE @whole
        GROUP BY credit_reference, adjustment_id
        HAVING countIf(verdict = 'approved') > 0 AND anyIf(form, kind = 'proposed') = 'refund'
    )
    WHERE item IN (@tie_items)
)
GROUP BY item
