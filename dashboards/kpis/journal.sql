-- title: Journal
-- definition: For each partition, how far ClickHouse has the journal, and the place up to which its hash chain has no break.
-- unit: records
-- grain: one row for each partition
-- trap: The chain is looked at as it was stored; `hms-ach verify` reads it from Kafka and computes every hash anew.
SELECT
    partition, records, last_sequence, last_hash, last_offset, last_recorded_at, breaks, toInt64(first_broken) - 1 AS verified_sequence
FROM (@chain)
ORDER BY partition
