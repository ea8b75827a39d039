-- title: Approval time
-- definition: Payments approved in under 5 minutes, as a share of all that were approved or that still wait after 5 minutes.
-- unit: percent
-- grain: payments by the business date they were asked for
-- target: at least 90 % in under 5 minutes
-- goal: >= 90
-- value: fast_percent
-- leads: payments
-- share: fast_percent = fast of n
-- baseline: pooled
-- trap: Payments that still wait are counted, or slow ones would vanish until somebody decides them.
-- trap: The clock runs from the event's own time to the journal record with the approval, so that a queue counts too. An approval that was
--   journalled more than a day after its event (a history that was loaded) is measured by the two events' own times.
-- trap: Declined and canceled payments are neither fast nor slow.
SELECT
    countIf(approved AND seconds < 300) AS fast,
    countIf(approved) AS approved_payments,
    countIf(NOT approved AND waiting AND dateDiff('millisecond', asked_at, {as_of:DateTime64(3, 'UTC')}) >= 300000) AS undecided_late,
    approved_payments + undecided_late AS n,
    if(n = 0, NULL, round(100 * fast / n, 2)) AS fast_percent,
    if(approved_payments = 0, NULL, quantileExactIf(0.5)(seconds, approved)) AS p50_seconds,
    if(approved_payments = 0, NULL, quantileExactIf(0.9)(seconds, approved)) AS p90_seconds,
    if(approved_payments = 0, NULL, quantileExactIf(0.99)(seconds, approved)) AS p99_seconds
FROM (@approvals)
