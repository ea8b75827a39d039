"""The embedded stack: a real Apache Kafka broker without Docker or a system Java, and the processes around it."""
