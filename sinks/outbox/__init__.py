"""What the outboxes have in common: messages that are due, tried until they arrive, with every attempt in a log on Kafka."""
