-- title: Fee income
-- definition: Fees and interest that the rule book charged in the period, less what was waived in it; and what money came in for charges.
-- unit: cents
-- grain: postings to the accounts fees and interest by business date; n counts charges
-- target: none; in the period
-- goal: none
-- value: income_cents
-- leads: reconciliation
-- baseline: averaged
-- trap: It is what was charged, not what was paid: a charge is income on the day it is owed. collected says what was paid, whenever it was charged.
-- trap: A waiver counts on its own day, so a period may be below zero; a write-off of a charge is no waiver, it stands in write_offs.
-- trap: Its baseline is a mean over three periods; of a hospital that was not there for all of them it is too low.
SELECT
    charges AS n, fees_cents, interest_cents, waived_cents, fees_cents + interest_cents - waived_cents AS income_cents, collected_cents
FROM
(
    SELECT
        countIf(credit IN ('fees', 'interest')) AS charges,
        sumIf(amount_cents, credit = 'fees') AS fees_cents,
        sumIf(amount_cents, credit = 'interest') AS interest_cents,
        sumIf(amount_cents, debit IN ('fees', 'interest')) AS waived_cents
    FROM ledger_entries
    WHERE business_date BETWEEN {from:Date} AND {to:Date} AND ({hospital:String} = '' OR hospital_id = {hospital:String})
) AS posted,
(
    SELECT sum(if(kind = 'matched', amount_cents, -amount_cents)) AS collected_cents
    FROM matches
    WHERE business_date BETWEEN {from:Date} AND {to:Date} AND (credit_reference, balance_id) IN
    (
        SELECT credit_reference, balance_id FROM balance_items
        WHERE kind = 'charged' AND ({hospital:String} = '' OR hospital_id = {hospital:String})
    )
) AS paid
