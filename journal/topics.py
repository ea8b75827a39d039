"""The topics of HMS-ACH: names, partitions and settings, their creation and the check for drift."""

from collections.abc import Iterable
from typing import NamedTuple

from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType

from journal.partition_count import SEE
from journal.settings import Settings

PAYMENTS = "credit.payments.v1"
SETTLEMENTS = "bank.settlements.v1"
OPERATIONS = "hms.operations.v1"
CLOCK = "hms.clock.v1"
JOURNAL = "ledger.journal.v1"
ACCOUNTS = "ledger.accounts.v1"
DECISIONS = "payments.decisions.v1"
ALERTS = "risk.alerts.v1"
EXCEPTIONS = "reconciliation.exceptions.v1"
WEBHOOKS = "outbox.webhooks.v1"
NOTIFICATIONS = "outbox.notifications.v1"
ENTRIES = "outbox.ach-entries.v1"
HOSPITALS = "risk.hospital-events.v1"
"""Payments and returns again, keyed by hospital, for the windows that cross accounts; written by the relay."""
WINDOWS = "risk.windows.v1"
"""Where each rule book came into force among the events of hospitals; one partition."""
FILES = "ach.files.v1"
WEBHOOK_DELIVERIES = "webhooks.deliveries.v1"
"""What became of each webhook, attempt by attempt; its partitions are the outbox's."""
NOTIFICATION_DELIVERIES = "notifications.deliveries.v1"
"""What became of each message to a patient; one partition, whose owner alone sends, since limits are counted by patient."""
DEAD_LETTERS = "dead.letters.v1"
SUBJECT_KEYS = "subject.keys.v1"
"""Data keys of persons, wrapped by the master key; a tombstone destroys one."""
HOUSE_KEYS = "house.keys.v1"
"""The key pair that dead letters are sealed to; a topic of its own, for workers need its public half and nothing else."""

POSTER = "hms-ach.poster"
"""Name of the poster: its consumer group, whose committed offset in the journal is the relay's, and the beginning of its other names."""

INPUTS = (PAYMENTS, SETTLEMENTS, OPERATIONS, CLOCK)
"""Topics that the poster reads, in the order of their index in the journal; co-partitioned with it."""
PUBLIC = (DECISIONS, ALERTS, EXCEPTIONS, WEBHOOKS, NOTIFICATIONS, ENTRIES)
"""Topics that the relay writes."""

_FOREVER = {"retention.ms": "-1", "retention.bytes": "-1"}
_MESSAGE_BYTES_MAX = str(1_048_588)
_LETTER_BYTES_MAX = str(12_000_000)
_COMPACTION_MS_MAX = str(3_600_000)
"""a destroyed key is gone from the disk an hour later, however little is written"""
_KEYS = {
    "cleanup.policy": "compact",
    "max.compaction.lag.ms": _COMPACTION_MS_MAX,
    "delete.retention.ms": _COMPACTION_MS_MAX,
    "min.cleanable.dirty.ratio": "0.01",
}


class TopicSpec(NamedTuple):
    """One topic as it has to be. `partitions` None means the common count of the settings."""

    name: str
    config: dict[str, str]
    partitions: int | None = None


def specs() -> tuple[TopicSpec, ...]:
    """Every topic. Inputs carry the broker's append time, which is the `now` that future event times are measured against."""
    inputs = {**_FOREVER, "message.timestamp.type": "LogAppendTime", "max.message.bytes": _LETTER_BYTES_MAX}
    return (
        *(TopicSpec(name, inputs) for name in INPUTS),
        TopicSpec(JOURNAL, {**_FOREVER, "cleanup.policy": "delete", "max.message.bytes": _MESSAGE_BYTES_MAX}),
        TopicSpec(ACCOUNTS, {"cleanup.policy": "compact", "max.message.bytes": _MESSAGE_BYTES_MAX}),
        *(TopicSpec(name, _FOREVER) for name in PUBLIC),
        TopicSpec(HOSPITALS, _FOREVER),
        TopicSpec(WINDOWS, _FOREVER, partitions=1),
        TopicSpec(FILES, _FOREVER, partitions=1),
        TopicSpec(WEBHOOK_DELIVERIES, _FOREVER),
        TopicSpec(NOTIFICATION_DELIVERIES, _FOREVER, partitions=1),
        TopicSpec(SUBJECT_KEYS, _KEYS, partitions=1),
        TopicSpec(HOUSE_KEYS, _KEYS, partitions=1),
        TopicSpec(DEAD_LETTERS, {**_FOREVER, "max.message.bytes": _LETTER_BYTES_MAX}),
    )


def together() -> tuple[str, ...]:
    """The topics that have the common partition count."""
    return tuple(spec.name for spec in specs() if spec.partitions is None)


class Report(NamedTuple):
    """What `apply` did: topics created now, topics that were there, and differences it will not change by itself."""

    created: tuple[str, ...]
    existing: tuple[str, ...]
    drift: tuple[str, ...]


def apply(settings: Settings, wanted: Iterable[TopicSpec] | None = None) -> Report:
    """Create the topics that are missing; never changes one that exists. Raises KafkaException when the broker refuses."""
    admin = AdminClient(settings.kafka())
    want = tuple(wanted if wanted is not None else specs())
    have = set(admin.list_topics(timeout=20).topics)
    missing = [spec for spec in want if spec.name not in have]
    if missing:
        made = admin.create_topics(
            [
                NewTopic(spec.name, spec.partitions or settings.partitions, settings.kafka_replication, config=spec.config)
                for spec in missing
            ]
        )
        for future in made.values():
            future.result(30)
    return Report(
        tuple(spec.name for spec in missing),
        tuple(spec.name for spec in want if spec.name in have),
        tuple(check(settings, want)),
    )


def check(settings: Settings, wanted: Iterable[TopicSpec] | None = None) -> list[str]:
    """One sentence for every way in which the broker's topics differ from the specification."""
    admin = AdminClient(settings.kafka())
    want = tuple(wanted if wanted is not None else specs())
    topics = admin.list_topics(timeout=20).topics
    # a broker shows nobody the topics that he has no grant for
    hidden = ", or this user has no grant for it" if settings.kafka_user or settings.kafka_certificate else ""
    mend = f"is missing{hidden}; create it with `hms-ach topics apply`"
    found: list[str] = [f"topic {spec.name} {mend}" for spec in want if spec.name not in topics]
    present = [spec for spec in want if spec.name in topics]
    for spec in present:
        count, expected = len(topics[spec.name].partitions), spec.partitions or settings.partitions
        if count != expected:
            found.append(f"topic {spec.name} has {count} partitions instead of {expected}; the number is fixed for life, {SEE}")
    if present:
        asked = {ConfigResource(ResourceType.TOPIC, spec.name): spec for spec in present}
        for resource, future in admin.describe_configs(list(asked)).items():
            actual = future.result(30)
            spec = next(s for r, s in asked.items() if r.name == resource.name)
            found += [
                f"topic {spec.name}: {key} is {actual[key].value}, should be {value}"
                for key, value in spec.config.items()
                if key in actual and actual[key].value != value
            ]
    return found
