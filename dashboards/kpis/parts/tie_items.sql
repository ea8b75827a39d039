SELECT reinterpretAsUInt128(sipHash128(about, credit_reference)) FROM ledger_entries
WHERE (debit = 'cash' OR credit = 'cash') AND business_date BETWEEN {from:Date} AND {to:Date}
    AND ({hospital:String} = '' OR hospital_id = {hospital:String})
    AND
    (
        {hospital:String} = '' OR reinterpretAsUInt128(sipHash128(about, credit_reference)) NOT IN
        (SELECT payment FROM payment_events WHERE kind = 'initiated' AND hospital_id != {hospital:String})
    )
UNION DISTINCT
SELECT payment FROM payment_events
WHERE status IN ('settled', 'returned', 'charged_back') AND business_date BETWEEN {from:Date} AND {to:Date}
    AND ({hospital:String} = '' OR payment IN (SELECT payment FROM payment_events WHERE kind = 'initiated' AND hospital_id = {hospital:String}))
UNION DISTINCT
SELECT reinterpretAsUInt128(sipHash128(deposit_id, credit_reference)) FROM deposits
WHERE business_date BETWEEN {from:Date} AND {to:Date} AND ({hospital:String} = '' OR hospital_id = {hospital:String})
