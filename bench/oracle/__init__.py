"""The oracle: reads what went into Kafka and what came out everywhere, and says whether money or facts were lost, doubled or changed.

It shares no code with what it judges: the journal's layout, the identifiers, the topics and the tables are written down here a second
time, from the contract. `replay` alone runs the ledger's own fold, because it asks whether that fold gives the same answer twice.
"""
