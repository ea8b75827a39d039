SELECT partition, sum(told) AS journal_count, sum(stored) AS table_count
FROM
(
    SELECT partition, sum(effects) AS told, toUInt64(0) AS stored FROM journal_records
    WHERE sequence < transform(
        partition,
        (@ends).1,
        (@ends).2,
        toUInt64(0)
    )
    GROUP BY partition
    UNION ALL
    SELECT partition, 0, count()
    FROM merge(currentDatabase(), '^(refusals|ledger_entries|payment_events|balance_items|accruals|matches|deposits|suspense|adjustment_events|balance_adjustments|exception_events|actions|alerts|deliveries|rule_snoozes|parked_events|disputes|duties|consents|mandates|bars|account_changes|subjects|policies|shadows|shadow_decisions|rollouts)$')
    WHERE @whole
    GROUP BY partition
)
WHERE {hospital:String} = ''
GROUP BY partition
