"""Sends the load at a fixed rate, whatever happens to the pipeline: an open loop."""

import time
from collections.abc import Iterator

from confluent_kafka import KafkaError, Producer

from bench.chaos.stories import Sent
from journal.settings import Settings
from journal.topics import CLOCK, OPERATIONS, PAYMENTS, SETTLEMENTS

_AT_ONCE_MAX = 500
_NO_BOOK = (
    b'{"specversion":"1.0","id":"chaos-end","source":"/chaos","type":"policy.activated.v1","time":"2025-01-06T15:00:00Z",'
    b'"data":{"version":"none@0","text":"no rule book"}}'
)


class Feeder:
    """A producer behind a schedule. `rate` is messages a second; after a pause of the sender nothing is left out, only sent later."""

    def __init__(self, settings: Settings, messages: Iterator[Sent], rate: float) -> None:
        self.sent = 0
        self._messages = messages
        self._rate = rate
        self._began = time.monotonic()
        self._failures: list[str] = []
        self._producer = Producer(
            {
                **settings.kafka(
                    enable_idempotence=True,
                    partitioner="murmur2_random",
                    linger_ms=5,
                    message_max_bytes=12_000_000,
                    message_timeout_ms=120_000,
                ),
                "log_level": 0,
            }
        )

    def feed(self) -> None:
        """Send what is due by now."""
        due = int((time.monotonic() - self._began) * self._rate)
        for _ in range(min(due - self.sent, _AT_ONCE_MAX)):
            self._send(next(self._messages))
        self._producer.poll(0)

    def burst(self, count: int) -> None:
        """Send so many at once, ahead of the schedule."""
        self._began -= count / self._rate
        for _ in range(count):
            self._send(next(self._messages))
            self._producer.poll(0)

    def last_words(self, partitions: int, *, clock: bool) -> None:
        """One message more for every partition that is always journalled, so that the journal's positions pass all that came before.

        On the account topics a dead letter; on the clock's a rule book that is none, which also puts every tick behind.
        """
        for partition in range(partitions):
            if clock:
                self._send(Sent(CLOCK, b"clock", _NO_BOOK, partition))
            else:
                for topic in (PAYMENTS, SETTLEMENTS, OPERATIONS):
                    self._send(Sent(topic, b"CR-poison", b"the end", partition))

    def flush(self) -> None:
        """Wait until Kafka has everything. Raises RuntimeError when it refused anything: then the load itself is not what was meant."""
        left = self._producer.flush(120)
        if left or self._failures:
            raise RuntimeError(f"{left} messages were not delivered, {len(self._failures)} refused: {self._failures[:3]}")

    def _send(self, message: Sent) -> None:
        self._producer.produce(message.topic, message.value, message.key, message.partition, on_delivery=self._delivered)
        self.sent += 1

    def _delivered(self, error: KafkaError | None, _: object) -> None:
        if error is not None:
            self._failures.append(error.str())
