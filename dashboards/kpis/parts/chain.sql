SELECT
    s.partition AS partition, s.records AS records, s.last_sequence AS last_sequence, t.hash AS last_hash, t.offset AS last_offset,
    t.recorded_at AS last_recorded_at, b.breaks AS breaks, if(b.breaks = 0, s.last_sequence + 1, b.first_broken) AS first_broken
FROM
(
    SELECT partition, count() AS records, max(sequence) AS last_sequence FROM journal_records GROUP BY partition
) AS s
INNER JOIN
(
    SELECT DISTINCT partition, sequence, hash, offset, recorded_at FROM journal_records
    WHERE (partition, sequence) IN (SELECT partition, max(sequence) FROM journal_records GROUP BY partition)
) AS t ON t.partition = s.partition AND t.sequence = s.last_sequence
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
                SELECT w.partition
                FROM (SELECT partition, count() AS records, max(sequence) AS last_sequence, sum(link) AS links FROM journal_records GROUP BY partition) AS w
                INNER JOIN
                (
                    SELECT DISTINCT partition, sequence, hash FROM journal_records
                    WHERE (partition, sequence) IN (SELECT partition, max(sequence) FROM journal_records GROUP BY partition)
                ) AS z ON z.partition = w.partition AND z.sequence = w.last_sequence
                WHERE w.records != w.last_sequence + 1
                    OR w.links != toUInt64(sipHash64(w.last_sequence + 1, z.hash) - sipHash64(toUInt64(0), repeat('0', 64)))
            )
        )
    )
    GROUP BY partition
) AS b ON b.partition = s.partition
