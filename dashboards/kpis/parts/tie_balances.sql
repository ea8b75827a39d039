SELECT credit_reference, sum(posted_cents) AS ledger_cents, sum(open_cents) AS balance_cents
FROM
(
    SELECT credit_reference, if(debit = 'patient_receivable', amount_cents, -amount_cents) AS posted_cents, toInt64(0) AS open_cents
    FROM ledger_entries
    WHERE (debit = 'patient_receivable' OR credit = 'patient_receivable') AND business_date <= {to:Date}
        AND @whole
    UNION ALL
    SELECT credit_reference, 0, amount_cents FROM balance_items WHERE business_date <= {to:Date}
        AND @whole
    UNION ALL
    SELECT credit_reference, 0, if(kind = 'matched', -amount_cents, amount_cents) FROM matches WHERE business_date <= {to:Date}
        AND @whole
    UNION ALL
    SELECT credit_reference, 0, amount_cents FROM balance_adjustments WHERE business_date <= {to:Date}
        AND @whole
)
WHERE {hospital:String} = ''
GROUP BY credit_reference
