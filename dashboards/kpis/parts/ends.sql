SELECT (groupArray(partition), groupArray(records)) FROM (SELECT partition, max(sequence) + 1 AS records FROM journal_records GROUP BY partition)
