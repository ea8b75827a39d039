"""Webhooks to CREDIT as a process: `python -m sinks.webhooks`, with its settings in the environment."""

import logging
import signal
import sys
import threading

from prometheus_client import start_http_server

from journal import topics
from journal.partition_count import PartitionCountError
from journal.settings import Settings
from sinks.outbox.kafka import Plan
from sinks.outbox.limits import Limits
from sinks.outbox.metrics import OutboxMetrics
from sinks.outbox.runner import Outbox, utc_now
from sinks.webhooks.config import ConfigError, load
from sinks.webhooks.courier import WebhookCourier

GROUP = "hms-ach-webhooks"
SOURCE = "/hms-ach/webhooks"


def plan(settings: Settings) -> Plan:
    """Where webhooks live in Kafka: the log has the outbox's partitions, so that several processes share the work."""
    return Plan(topics.WEBHOOKS, topics.WEBHOOK_DELIVERIES, GROUP, SOURCE, settings.partitions, settings.partitions)


def main() -> int:
    """Work until SIGTERM or SIGINT (exit code 0). Exit code 1 and one sentence for settings that cannot be used."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        config = load(settings)
    except ConfigError as error:
        logging.getLogger("sinks.webhooks").critical("%s", error)
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    metrics = OutboxMetrics("webhook")
    if settings.webhook_metrics_port:
        start_http_server(settings.webhook_metrics_port, "127.0.0.1", metrics.registry)
    try:
        Outbox(settings, plan(settings), WebhookCourier(config), metrics, Limits(config.concurrency), utc_now).run(stop.is_set)
    except PartitionCountError as error:
        logging.getLogger("sinks.webhooks").critical("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
