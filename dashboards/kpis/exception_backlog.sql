-- title: Open exceptions
-- definition: Exceptions that are open now, with what they are about; opened and closed in the period for comparison.
-- unit: exceptions
-- grain: exceptions; one that was opened again after it was closed is one exception
-- target: 50 % fewer than before
-- goal: none
-- value: open
-- leads: exceptions
-- baseline: open_at_close of exception_flow
-- trap: Open exceptions do not depend on the period: the oldest ones matter most and would fall out of it.
-- trap: Its baseline is what was open on average at the close of the business dates before on which anything changed.
-- trap: Amounts are what each exception speaks of; two exceptions may speak of the same money.
SELECT
    countIf(state = 'open') AS open,
    count() AS n,
    countIf(state = 'open' AND dateDiff('hour', opened_at, {as_of:DateTime64(3, 'UTC')}) >= 72) AS older_than_3_days,
    sumIf(amount_cents, state = 'open') AS open_cents,
    if(open = 0, NULL, minIf(opened_at, state = 'open')) AS oldest_at,
    countIf(opened_on BETWEEN {from:Date} AND {to:Date}) AS opened_in_period,
    countIf(state = 'closed' AND toDate(closed_at, 'America/New_York') BETWEEN {from:Date} AND {to:Date}) AS closed_in_period,
    'none' AS baseline
FROM (SELECT * FROM exceptions WHERE code != '' AND ({hospital:String} = '' OR hospital_id = {hospital:String}))
