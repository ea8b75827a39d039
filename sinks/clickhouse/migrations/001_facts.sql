-- What the journal holds, one row an effect, in one table for each kind of fact. Rows are never changed.
--
-- Columns that every table of effects has:
--   partition        partition of the journal, and of the input
--   position         place in the partition: sequence of the journal record * 2^20 + number of the effect in it;
--                    (partition, position) names a row for ever and sorts as things happened
--   source_topic, source_offset, ordinal
--                    the input event that brought it about, and the number of this effect among that event's: what the effect's
--                    id is derived from
--   at               the event's own time, kept between 1970 and 2100
--   recorded_at      when the journal record was written
--   business_date    banking day (New York, Federal Reserve calendar) that `at` belongs to
--   credit_reference the account
-- Amounts are cents. Parts are cut by year so that a closed year is left alone by merges and can be moved or saved by itself.
-- The deduplication window is what makes an insert under a known token a no-op; it covers the last blocks of every partition, for a year
-- where tables are replicated (ClickHouse would forget after an hour).
-- `refusals` has every refusal, also of a bank event that waited for its payment and was refused when that came; `inputs` has what
-- became of each input.

CREATE TABLE IF NOT EXISTS journal_records
(
    partition     UInt16,
    sequence      UInt64,
    offset        UInt64 COMMENT 'Kafka offset in the journal',
    previous      String COMMENT 'SHA-256 of the record before, hex',
    hash          String COMMENT 'SHA-256 of this record, hex',
    recorded_at   DateTime64(3, 'UTC'),
    sources       Array(String) COMMENT 'input topics',
    next          Array(Int64) COMMENT 'input offset that comes next, for each source; -1 for none yet',
    done          UInt32 COMMENT 'entries already journalled of the event at the next position',
    entries       UInt32,
    effects       UInt32,
    bytes         UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY (partition, sequence)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS inputs
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    event_id         String,
    type             LowCardinality(String),
    outcome          LowCardinality(String) COMMENT 'posted, refused or dead',
    reason           LowCardinality(String) COMMENT 'why it was refused or dead-lettered',
    about            String,
    detail           String,
    INDEX by_day business_date TYPE minmax GRANULARITY 1,
    INDEX by_account credit_reference TYPE bloom_filter GRANULARITY 1,
    INDEX by_event event_id TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(business_date)
ORDER BY (partition, source_topic, source_offset)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS refusals
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    kind             LowCardinality(String) COMMENT 'refused or dead',
    reason           LowCardinality(String),
    about            String,
    detail           String
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS ledger_entries
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    hospital_id      LowCardinality(String),
    about            String COMMENT 'transaction, deposit or balance',
    debit            LowCardinality(String),
    credit           LowCardinality(String),
    amount_cents     Int64,
    memo             LowCardinality(String),
    INDEX by_account credit_reference TYPE bloom_filter GRANULARITY 1,
    INDEX by_transaction about TYPE bloom_filter GRANULARITY 1,
    INDEX by_record recorded_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(business_date)
ORDER BY (business_date, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS payment_events
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    transaction_id   String,
    kind             LowCardinality(String) COMMENT 'initiated, decided, moved or retry',
    status           LowCardinality(String) COMMENT 'status from here on; empty for retry, which changes none',
    direction        LowCardinality(String) COMMENT 'this and the next eight: initiated',
    amount_cents     Int64,
    hospital_id      LowCardinality(String),
    patient_id       String,
    reference        String,
    client_reference String,
    balance_id       String,
    sec_code         LowCardinality(String),
    body_sha256      String,
    policy           LowCardinality(String) COMMENT 'this and the next five: decided',
    score            Int64,
    rules            Array(String) COMMENT 'names of the rules that fired',
    fired            String COMMENT 'the rules that fired, JSON: [[rule, outcome, explanation, severity], ...]',
    explanation      String,
    reviewer         String COMMENT 'the person who decided, empty for the rule book',
    code             LowCardinality(String) COMMENT 'this and the next four: moved; Nacha return code or our word',
    reason           LowCardinality(String),
    day              Nullable(Date) COMMENT 'settlement, return or effective date',
    trace_number     String,
    file_id          String,
    due_at           Nullable(DateTime64(3, 'UTC')) COMMENT 'when the clock looks at it again; of a retry, when it is presented',
    attempt          UInt16 COMMENT 'retry: number of the re-presentment',
    INDEX by_account credit_reference TYPE bloom_filter GRANULARITY 1,
    INDEX by_trace trace_number TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(business_date)
ORDER BY (transaction_id, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS balance_items
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    balance_id       String,
    hospital_id      LowCardinality(String),
    patient_id       String,
    amount_cents     Int64,
    due_date         Nullable(Date),
    reference        String,
    plan_id          String
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS matches
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    kind             LowCardinality(String) COMMENT 'matched or unmatched',
    source_id        String COMMENT 'payment or deposit',
    balance_id       String,
    amount_cents     Int64 COMMENT 'positive; `kind` says which way',
    rule             LowCardinality(String) COMMENT 'matching pass: id, reference, unique_amount, oldest_first',
    evidence         Array(String),
    score            Int64,
    reason           LowCardinality(String) COMMENT 'why it was taken back',
    INDEX by_source source_id TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(business_date)
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS deposits
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    deposit_id       String,
    hospital_id      LowCardinality(String),
    amount_cents     Int64,
    day              Nullable(Date) COMMENT 'settlement date',
    reference        String,
    trace_number     String,
    patient_id       String,
    INDEX by_deposit deposit_id TYPE bloom_filter GRANULARITY 1,
    INDEX by_trace trace_number TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS suspense
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    source_id        String COMMENT 'payment or deposit',
    amount_cents     Int64 COMMENT 'negative when it is taken out again',
    reason           LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS exception_events
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    exception_id     String COMMENT 'about/code',
    kind             LowCardinality(String) COMMENT 'opened or closed',
    code             LowCardinality(String),
    severity         LowCardinality(String),
    about            String,
    amount_cents     Int64,
    detail           String,
    hospital_id      LowCardinality(String),
    how              LowCardinality(String) COMMENT 'how it was closed',
    INDEX by_day business_date TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, exception_id, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS alerts
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    alert            LowCardinality(String),
    severity         LowCardinality(String),
    about            String,
    explanation      String,
    rule             LowCardinality(String),
    policy           LowCardinality(String),
    hospital_id      LowCardinality(String),
    amount_cents     Int64,
    INDEX by_account credit_reference TYPE bloom_filter GRANULARITY 1,
    INDEX by_transaction about TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (business_date, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS deliveries
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    kind             LowCardinality(String) COMMENT 'webhook, notification, ach_entry or billing',
    transaction_id   String,
    amount_cents     Int64 COMMENT 'of a webhook, what settled',
    hospital_id      LowCardinality(String) COMMENT 'ach_entry, billing',
    patient_id       String COMMENT 'notification, ach_entry, billing',
    status           LowCardinality(String) COMMENT 'this and the next two: webhook',
    balance_cents    Int64 COMMENT 'what is still open',
    exceptions       String COMMENT 'JSON: [[code, reason, error_code, retry at in ms or 0], ...]',
    template         LowCardinality(String) COMMENT 'this and the next two: notification',
    channel          LowCardinality(String),
    due_at           Nullable(DateTime64(3, 'UTC')) COMMENT 'not before; NULL for at once',
    attempt          UInt16 COMMENT 'this and the next three: ach_entry',
    side             LowCardinality(String),
    sec_code         LowCardinality(String),
    description      LowCardinality(String),
    INDEX by_account credit_reference TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(business_date)
ORDER BY (transaction_id, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS consents
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    purpose          LowCardinality(String),
    granted          Bool,
    version          LowCardinality(String),
    jurisdiction     LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS mandates
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    kind             LowCardinality(String) COMMENT 'granted or revoked',
    mandate_id       String,
    patient_id       String,
    sec_code         LowCardinality(String),
    reason           String
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS parked_events
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    kind             LowCardinality(String) COMMENT 'parked or unparked',
    transaction_id   String,
    event            String COMMENT 'the bank event that came before its payment, JSON',
    until            Nullable(DateTime64(3, 'UTC')),
    amount_cents     Int64,
    how              LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (credit_reference, partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;

CREATE TABLE IF NOT EXISTS policies
(
    partition        UInt16,
    position         UInt64,
    source_topic     LowCardinality(String),
    source_offset    UInt64,
    ordinal          UInt32,
    at               DateTime64(3, 'UTC'),
    recorded_at      DateTime64(3, 'UTC'),
    business_date    Date,
    credit_reference String,
    version          LowCardinality(String),
    text             String,
    activated_by     String
)
ENGINE = ReplacingMergeTree
ORDER BY (partition, position)
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 31536000;
