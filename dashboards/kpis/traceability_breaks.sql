-- title: Postings that cannot be traced
-- definition: The postings that traceability counts as broken, newest first, with what is missing.
-- unit: postings
-- grain: one row for each posting, 200 at most
-- trap: The list is cut at 200; the count is in traceability.
-- trap: Postings of a block that is being stored are not listed for five minutes.
SELECT
    business_date, about AS transaction_id, credit_reference, debit, credit, amount_cents,
    arrayStringConcat(arrayMap(x -> x.2, arrayFilter(x -> x.1 > 0,
    [
        (no_input, 'input'), (no_record, 'journal record'), (no_decision, 'decision'), (no_trace_number, 'trace number'),
        (no_file, 'file'), (no_match, 'match'), (broken_chain, 'hash chain')
    ])), ', ') AS missing
FROM (@lines)
WHERE no_input OR no_record OR no_decision OR no_trace_number OR no_file OR no_match OR broken_chain
ORDER BY partition, position DESC
LIMIT 200
