SELECT
    s.partition AS partition, s.records AS records, s.last_sequence AS last_sequence, s.last_hash AS last_hash, s.last_offset AS last_offset,
    s.last_recorded_at AS last_recorded_at, b.breaks AS breaks, if(b.breaks = 0, s.last_sequence + 1, b.first_broken) AS first_broken
FROM
(
    SELECT
        partition, count() AS records, max(sequence) AS last_sequence, argMax(hash, sequence) AS last_hash,
        argMax(offset, sequence) AS last_offset, max(recorded_at) AS last_recorded_at
    FROM journal_records
    GROUP BY partition
) AS s
LEFT JOIN
(
    SELECT
        partition,
        countIf(previous != hash_before OR sequence + 1 != place) AS breaks,
        minIf(place - 1, previous != hash_before OR sequence + 1 != place) AS first_broken
    FROM
    (
        SELECT
            partition, sequence, previous,
            lagInFrame(hash, 1, repeat('0', 64)) OVER (PARTITION BY partition ORDER BY sequence ASC) AS hash_before,
            row_number() OVER (PARTITION BY partition ORDER BY sequence ASC) AS place
        FROM
        (
            SELECT DISTINCT partition, sequence, previous, hash FROM journal_records
            WHERE partition IN
            (
                SELECT partition FROM journal_records GROUP BY partition
                HAVING count() != max(sequence) + 1
                    OR sum(sipHash64(sequence + 1, hash)) + sipHash64(toUInt64(0), repeat('0', 64))
                        != sum(sipHash64(sequence, previous)) + sipHash64(max(sequence) + 1, argMax(hash, sequence))
            )
        )
    )
    GROUP BY partition
) AS b ON b.partition = s.partition
