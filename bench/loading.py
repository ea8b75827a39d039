"""How the load benchmark brings its messages to the broker."""

import time
from collections.abc import Iterable

from confluent_kafka import Producer

from bench.stack import Running
from bench.watch import Watch
from journal.settings import Settings
from simulator.load import Sent

_QUEUE_MAX = 20_000


def settings_of(stack: Running) -> Settings:
    """Settings that reach the stack's broker."""
    return Settings(kafka_bootstrap=stack.state.kafka_bootstrap)


def producer_of(settings: Settings, linger_ms: int) -> Producer:
    """A producer as CREDIT and the bank have one, which gathers for `linger_ms`."""
    return Producer(
        settings.kafka(
            partitioner="murmur2_random",
            enable_idempotence=True,
            compression_type="lz4",
            linger_ms=linger_ms,
            queue_buffering_max_messages=_QUEUE_MAX,
            delivery_report_only_error=True,  # nobody looks at the reports: what is missing would not be journalled
        )
    )


def preload(settings: Settings, messages: Iterable[Sent]) -> None:
    """Send everything as fast as it goes."""
    producer = producer_of(settings, linger_ms=20)
    for sent in messages:
        send(producer, sent)
    producer.flush(120)


def send(producer: Producer, sent: Sent) -> None:
    """Hand over one message; waits while the producer's queue is full."""
    topic, key, value = sent
    while True:
        try:
            producer.produce(topic, value, key)
        except BufferError:
            producer.poll(0.05)
        else:
            return


def must_go_on(watch: Watch, began: float, limit_s: float = 600.0) -> None:
    """Raises TimeoutError `limit_s` after `began`."""
    if time.monotonic() - began > limit_s:
        raise TimeoutError(f"{watch.events} events journalled and {watch.stored} stored after {limit_s:.0f} s")
