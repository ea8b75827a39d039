"""Poster, relay and sink in a world that one seed decides: Kafka and ClickHouse in memory, time that stands until it is moved, and every
accident that may happen between two steps. The engine, its intake, publisher and recovery, and the sink's filler are the product's own.
"""
