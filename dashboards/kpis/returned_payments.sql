-- title: Returned debits
-- definition: Debit entries of the 60 days up to the last day of the period that came back, newest first.
-- unit: entries
-- grain: one row for each entry, 500 at most
-- trap: The list is cut at 500; the counts are in the rates.
SELECT returned_on, originated_on, transaction_id, credit_reference, hospital_id, code, reason, attempt, amount_cents
FROM (@debits)
WHERE came_back
ORDER BY returned_on DESC, position DESC
LIMIT 500
