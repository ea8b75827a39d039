"""A streaming engine over Kafka on Faust: one pure fold, one hash-chained journal, nothing lost and nothing twice.

It is generic over a `Machine` (what is decided) and knows nothing of payments. Laws, in the order in which money needs them:

- a batch of one partition becomes one journal record: positions and effects together, atomic by being one Kafka record;
- the record's offset in the delivery report must be where the chain expects it, otherwise another worker owns the partition;
- state is rebuilt from checkpoints and the journal's tail, and reading goes on from the journal's positions;
- outputs are published after the journal has the record, in a transaction that also holds the position in the journal;
- any doubt ends the process: a supervisor starts it again, and it rebuilds.
"""
