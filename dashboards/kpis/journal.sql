-- title: Journal
-- definition: For each partition, how far ClickHouse has the journal, and the place up to which its hash chain has no break.
-- unit: records
-- grain: one row for each partition
-- trap: The chain is looked at as it was stored; `hms-ach verify` reads it from Kafka and computes every hash anew.
SELECT
    partition,
    count() AS records,
    max(sequence) AS last_sequence,
    argMax(hash, sequence) AS last_hash,
    argMax(offset, sequence) AS last_offset,
    max(recorded_at) AS last_recorded_at,
    countIf(previous != hash_before OR sequence + 1 != place) AS breaks,
    if(breaks = 0, last_sequence, minIf(sequence, previous != hash_before OR sequence + 1 != place) - 1) AS verified_sequence
FROM
(
    SELECT
        partition, sequence, offset, previous, hash, recorded_at,
        lagInFrame(hash, 1, repeat('0', 64)) OVER (PARTITION BY partition ORDER BY sequence ASC) AS hash_before,
        row_number() OVER (PARTITION BY partition ORDER BY sequence ASC) AS place
    FROM (SELECT DISTINCT partition, sequence, offset, previous, hash, recorded_at FROM journal_records)
)
GROUP BY partition
ORDER BY partition
