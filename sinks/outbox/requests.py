"""What people ask of the webhooks: a replay, or that a receiver which had enough is tried again. Every partition of the log hears it."""

from datetime import UTC, datetime
from uuid import uuid4

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from journal import topics
from journal.settings import Settings
from sinks.outbox.events import EnableWish, EndpointEnabled, LogEvent, ReplayRequested, ReplayWish, encode

SOURCE = "/hms-ach/operations"
_SECONDS = 10.0


def ask_replay(
    settings: Settings,
    since: datetime,
    until: datetime,
    *,
    credit_reference: str = "",
    undelivered_only: bool = False,
    requested_by: str = "",
) -> str:
    """Have every webhook sent again that was tried in this half-open range; the request's id. Raises KafkaException and TimeoutError."""
    wish = ReplayWish(
        since=since, until=until, credit_reference=credit_reference, undelivered_only=undelivered_only, requested_by=requested_by
    )
    event = ReplayRequested(id=str(uuid4()), time=datetime.now(UTC), source=SOURCE, data=wish)
    _tell(settings, event)
    return event.id


def ask_enable(settings: Settings, *, requested_by: str = "") -> str:
    """Have webhooks sent again to a receiver that had answered 410; the request's id. Raises KafkaException and TimeoutError."""
    event = EndpointEnabled(id=str(uuid4()), time=datetime.now(UTC), source=SOURCE, data=EnableWish(requested_by=requested_by))
    _tell(settings, event)
    return event.id


def _tell(settings: Settings, event: LogEvent) -> None:
    failures: list[KafkaError] = []

    def report(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            failures.append(error)

    producer = Producer(settings.kafka(enable_idempotence=True, acks="all", message_timeout_ms=int(_SECONDS * 1000)))
    value = encode(event)
    for partition in range(settings.partitions):
        producer.produce(topics.WEBHOOK_DELIVERIES, value, b"request", partition=partition, on_delivery=report)
    left = producer.flush(_SECONDS + 1)
    if failures:
        raise KafkaException(failures[0])
    if left:
        raise TimeoutError("Kafka did not take the request in time; ask again")
