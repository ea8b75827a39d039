"""The files around `ledger.reconcile`: reading, the mapping, writing."""
