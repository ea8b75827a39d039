"""What the windows tell: an event to the ledger, in the account whose payment went beyond the usual. The ledger raises the alert."""

from typing import Any, Final

import msgspec
from confluent_kafka import Producer

from journal.settings import Settings
from ledger.money import money
from rules.hospital import WindowAlert
from streams.public import instant

SOURCE: Final = "/hms-ach/windows"
KIND: Final = "window.exceeded.v1"
_FLUSH_S: Final = 30.0


def exceeded_event(alert: WindowAlert) -> bytes:
    """CloudEvents JSON, its id the window's. Time, amount and account are those of the payment that went beyond the usual."""
    event = alert.event
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": alert.id,
            "source": SOURCE,
            "type": KIND,
            "subject": alert.subject,
            "time": instant(event.at_ms),
            "datacontenttype": "application/json",
            "data": {
                "credit_reference": event.account,
                "window_id": alert.id,
                "watch": alert.watch.name,
                "severity": alert.watch.severity,
                "subject": alert.subject,
                "transaction_id": event.transaction_id,
                "hospital_id": event.hospital_id,
                "amount": money(event.cents),
                "policy": alert.policy,
                "explanation": alert.explanation,
            },
        }
    )


class ExceededWriter:
    """Writes to the topic of operations, and waits for the broker's word: only then may the event behind it be acknowledged."""

    def __init__(self, settings: Settings) -> None:
        self._producer = Producer(settings.kafka(enable_idempotence=True, acks="all", partitioner="murmur2_random"))
        self._failed: list[Any] = []

    def write(self, topic: str, alerts: list[WindowAlert]) -> None:
        """Keyed by account. Raises RuntimeError when the broker did not take one in time."""
        for alert in alerts:
            headers: list[tuple[str, str | bytes | None]] = [
                ("content-type", b"application/cloudevents+json; charset=UTF-8"),
                ("ce_id", alert.id.encode()),
                ("ce_source", SOURCE.encode()),
                ("ce_type", KIND.encode()),
                ("ce_specversion", b"1.0"),
            ]
            key = alert.event.account.encode()
            self._producer.produce(topic, exceeded_event(alert), key, headers=headers, on_delivery=self._delivered)
        left = self._producer.flush(_FLUSH_S)
        if left or self._failed:
            raise RuntimeError(f"{left} events were not acknowledged, {len(self._failed)} refused: {self._failed[:1]}")

    def _delivered(self, error: Any, _: object) -> None:
        if error is not None:
            self._failed.append(error)
