-- title: Three-way tie-out
-- definition: The journal against the tables, the ledger's cash against what the bank settled and took back, what the bank settled against our files, and the patients' receivable against the open balances. Every difference must be 0.
-- unit: cents
-- grain: one row for each pair of sides; n counts what was compared: partitions, payments and deposits, payments, accounts
-- trap: A difference is the sum over what was compared, each without its sign, so that two mistakes never make up for each other.
-- trap: Cash is compared for the payments and deposits that moved in the period, over their whole life; refunds outside ACH count as the bank's.
-- trap: Balances are compared as of the last day of the period, of every account and for all hospitals alone: money of one may pay a bill of another.
-- trap: Rows of a block that is being stored do not count before its records do, which come last.
-- trap: The journal is compared by the number of effects that each record says it has, for all hospitals alone; `hms-ach verify` compares content and hashes with Kafka.
SELECT tie, n, left_cents, right_cents, difference_cents, left_count, right_count, broken
FROM
(
    SELECT
        'ledger_bank' AS tie, count() AS n, toNullable(sum(ledger_cents)) AS left_cents, toNullable(sum(bank_cents)) AS right_cents,
        toNullable(toInt64(sum(abs(ledger_cents - bank_cents)))) AS difference_cents, CAST(NULL, 'Nullable(Int64)') AS left_count,
        CAST(NULL, 'Nullable(Int64)') AS right_count, countIf(ledger_cents != bank_cents) AS broken
    FROM (@tie_bank)
    UNION ALL
    SELECT
        'bank_files', count(), sum(settled_cents), sum(filed_cents), toInt64(sum(abs(settled_cents - filed_cents))), NULL, NULL,
        countIf(settled_cents != filed_cents)
    FROM (@tie_files)
    UNION ALL
    SELECT
        'ledger_balances', count(), sum(ledger_cents), sum(balance_cents), toInt64(sum(abs(ledger_cents - balance_cents))), NULL, NULL,
        countIf(ledger_cents != balance_cents)
    FROM (@tie_balances)
    HAVING {hospital:String} = ''
    UNION ALL
    SELECT
        'journal_tables', count(), NULL, NULL, NULL, toInt64(sum(journal_count)), toInt64(sum(table_count)), countIf(journal_count != table_count)
    FROM (@tie_tables)
    HAVING {hospital:String} = ''
)
ORDER BY indexOf(['ledger_bank', 'bank_files', 'ledger_balances', 'journal_tables'], tie)
