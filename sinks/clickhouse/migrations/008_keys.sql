-- Keys that questions about many rows are cheap to count by. `payment` is 128 bits of a payment's two names. The links of all records of a
-- partition that is whole add up to what its first and its last record say, so that the chain is seen to be whole without comparing hashes.

ALTER TABLE payment_events ADD COLUMN IF NOT EXISTS payment UInt128
    MATERIALIZED reinterpretAsUInt128(sipHash128(transaction_id, credit_reference));

ALTER TABLE payment_events MATERIALIZE COLUMN payment SETTINGS mutations_sync = 2;

ALTER TABLE deliveries ADD COLUMN IF NOT EXISTS payment UInt128
    MATERIALIZED reinterpretAsUInt128(sipHash128(transaction_id, credit_reference));

ALTER TABLE deliveries MATERIALIZE COLUMN payment SETTINGS mutations_sync = 2;

ALTER TABLE journal_records ADD COLUMN IF NOT EXISTS link UInt64
    MATERIALIZED toUInt64(sipHash64(sequence + 1, hash) - sipHash64(sequence, previous));

ALTER TABLE journal_records MATERIALIZE COLUMN link SETTINGS mutations_sync = 2;
