"""The HTTP face: payments in, answers out. It writes events to Kafka and reads the journal's tables; it decides nothing about money."""
