"""Questions that show whether ClickHouse says what the journal says: sums by record, outcomes by topic, postings of one record."""

from typing import Final

RECORDS: Final = """
SELECT r.sequence, r.hash, toUInt64(coalesce(p.postings, 0)), toUInt64(coalesce(p.checksum, 0))
FROM (
    SELECT sequence, any(hash) AS hash FROM journal_records
    WHERE partition = {partition:UInt16} AND sequence > {after:Int64} AND sequence <= {until:Int64} GROUP BY sequence
) AS r
LEFT JOIN (
    SELECT bitShiftRight(position, 20) AS sequence, count() AS postings,
           sum(toUInt64(CRC32(concat(toString(position), '|', debit, '|', credit, '|', toString(amount_cents), '|', hospital_id,
               '|', about, '|', credit_reference)))) AS checksum
    FROM ledger_entries
    WHERE partition = {partition:UInt16} AND position >= bitShiftLeft(toUInt64({after:Int64} + 1), 20)
      AND position < bitShiftLeft(toUInt64({until:Int64} + 1), 20)
    GROUP BY sequence
) AS p ON r.sequence = p.sequence
ORDER BY r.sequence
"""
"""One row a record after `after` up to `until`: sequence, hash, postings, checksum as in `journal.audit.RecordSum`."""

OUTCOMES: Final = "SELECT source_topic, outcome, count() FROM inputs GROUP BY source_topic, outcome ORDER BY source_topic, outcome"
"""Topic, outcome, number of inputs; without FINAL, so that a doubled row shows."""

POSTINGS: Final = """
SELECT position, debit, credit, amount_cents, hospital_id, about, credit_reference FROM ledger_entries
WHERE partition = {partition:UInt16} AND position >= bitShiftLeft(toUInt64({sequence:Int64}), 20)
  AND position < bitShiftLeft(toUInt64({sequence:Int64} + 1), 20)
ORDER BY position
"""
"""Postings of one record, as in `journal.audit.Posting`."""

STRAY: Final = """
SELECT e.partition, bitShiftRight(e.position, 20) AS sequence, count()
FROM ledger_entries AS e LEFT ANTI JOIN journal_records AS r
ON e.partition = r.partition AND bitShiftRight(e.position, 20) = r.sequence
GROUP BY e.partition, sequence ORDER BY e.partition, sequence LIMIT 1000
"""
"""Partition, sequence and number of postings that belong to no record: the sink writes the postings of a block first, so some of a block
under way are here, and are gone a moment later."""
