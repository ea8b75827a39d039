-- title: Traceability
-- definition: Ledger postings whose chain resolves from the input event to the journal record, the decision, the file and trace number, and the match, and whose hash chain has no break.
-- unit: percent
-- grain: postings by business date
-- target: 100 %
-- goal: >= 100
-- value: traceable_percent
-- leads: system
-- baseline: none
-- trap: It is no sample: one posting that cannot be traced counts, however few there are.
-- trap: A posting of a record behind a break in its partition's hash chain is not traceable, whatever else resolves.
-- trap: File, trace number and match are asked for only where money moved at the bank.
-- trap: Postings of a block that is being stored do not count before its records do, which come last, for five minutes.
-- trap: The hashes here are the ones that were verified when the records were stored; `hms-ach verify` computes them anew.
SELECT
    count() AS n,
    countIf(no_input OR no_record OR no_decision OR no_trace_number OR no_file OR no_match OR broken_chain) AS broken,
    if(n = 0, NULL, round(100 * (n - broken) / n, 3)) AS traceable_percent,
    countIf(no_input) AS without_input,
    countIf(no_record) AS without_record,
    countIf(no_decision) AS without_decision,
    countIf(no_trace_number) AS without_trace_number,
    countIf(no_file) AS without_file,
    countIf(no_match) AS without_match,
    countIf(broken_chain) AS behind_a_break
FROM (@lines)
