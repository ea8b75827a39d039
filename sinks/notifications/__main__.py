"""Messages to patients as a process: `python -m sinks.notifications`, with its settings in the environment."""

import logging
import signal
import sys
import threading
from contextlib import ExitStack
from typing import Final

from prometheus_client import start_http_server

from journal import topics
from journal.keys.masters import KeyAccessError
from journal.keys.sealer import Sealer
from journal.keys.store import KeyStore
from journal.partition_count import PartitionCountError
from journal.settings import Settings
from sinks.notifications.config import ConfigError, load, opens_contacts
from sinks.notifications.contacts import ContactsError
from sinks.notifications.told import MEMORY
from sinks.outbox.kafka import Plan
from sinks.outbox.limits import Limits
from sinks.outbox.metrics import OutboxMetrics
from sinks.outbox.runner import Outbox, utc_now

GROUP: Final = "hms-ach-notifications"
SOURCE: Final = "/hms-ach/notifications"
LIMITS: Final = Limits(under_way=8, waiting=200_000, memory_ms=int(MEMORY.total_seconds() * 1000), read_first=True)


def plan(settings: Settings) -> Plan:
    """Where messages live in Kafka. The log has one partition, and its owner alone sends, since a patient may have several accounts."""
    return Plan(topics.NOTIFICATIONS, topics.NOTIFICATION_DELIVERIES, GROUP, SOURCE, 1, settings.partitions)


def main() -> int:
    """Work until SIGTERM or SIGINT (exit code 0). Exit code 1 and one sentence for settings, contacts or keys that cannot
    be used."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    log = logging.getLogger("sinks.notifications")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with ExitStack() as stack:
            sealer = Sealer(stack.enter_context(KeyStore.of(settings))) if opens_contacts(settings) else None
            courier = load(settings, sealer)
            metrics = OutboxMetrics("notification")
            if settings.notify_metrics_port:
                start_http_server(settings.notify_metrics_port, "127.0.0.1", metrics.registry)
            Outbox(settings, plan(settings), courier, metrics, LIMITS, utc_now).run(stop.is_set)
    except (ConfigError, KeyAccessError, ContactsError, PartitionCountError) as error:
        log.critical("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
