-- title: What does not tie out
-- definition: What the three-way tie-out counts as different: payments and deposits, accounts, partitions of the journal, with both sides.
-- unit: cents
-- grain: one row for each, the largest 200 differences
-- trap: The list is cut at 200; the counts are in the three-way tie-out.
SELECT tie, about, credit_reference, left_cents, right_cents, left_cents - right_cents AS difference_cents
FROM
(
    SELECT 'ledger_bank' AS tie, about, credit_reference, toNullable(ledger_cents) AS left_cents, toNullable(bank_cents) AS right_cents
    FROM (@tie_bank)
    WHERE ledger_cents != bank_cents
    UNION ALL
    SELECT 'bank_files', about, credit_reference, settled_cents, filed_cents FROM (@tie_files) WHERE settled_cents != filed_cents
    UNION ALL
    SELECT 'ledger_balances', '', credit_reference, ledger_cents, balance_cents FROM (@tie_balances) WHERE ledger_cents != balance_cents
    UNION ALL
    SELECT 'journal_tables', concat('partition ', toString(partition)), '', NULL, NULL FROM (@tie_tables) WHERE journal_count != table_count
)
ORDER BY abs(coalesce(difference_cents, 0)) DESC, about, credit_reference
LIMIT 200
