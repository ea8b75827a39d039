"""Who may do what on the Kafka cluster: the least that each party needs, as `hms-ach topics acl` prints it."""

from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

from journal import topics

Resource = Literal["topic", "group", "transactional-id"]
READ: Final = ("Read", "Describe")
WRITE: Final = ("Write", "Describe")


class Grant(NamedTuple):
    """One party's operations on one resource; `prefixed` names all resources that begin so."""

    party: str
    resource: Resource
    name: str
    operations: tuple[str, ...]
    prefixed: bool = False


PARTIES: Final = {
    "credit": "CREDIT: asks for payments, hears of decisions",
    "bank": "the bank edge: reports settlements and returns, takes entries",
    "risk": "risk teams: subscribe to alerts",
    "finance": "finance tools: subscribe to exceptions",
    "worker": "the poster and its relay",
    "windows": "the windows that cross accounts",
    "sink": "the ClickHouse sink",
    "api": "the API, with or without the sink beside it",
    "rail": "the ACH rail",
    "webhooks": "the webhook sink",
    "notifications": "the notification sink",
    "operator": "the command line: topics, verify, rebuild, dead letters, rules, personal data",
}
_KEYS: Final = (topics.SUBJECT_KEYS, topics.HOUSE_KEYS)
_KEYS_READER: Final = "hms-keys-reader"
"""The group whose name every reader of keys goes by. It commits nothing, but the broker is asked for the group's coordinator."""
_OUTBOXES: Final = {
    "webhooks": (topics.WEBHOOKS, topics.WEBHOOK_DELIVERIES, "hms-ach-webhooks"),
    "notifications": (topics.NOTIFICATIONS, topics.NOTIFICATION_DELIVERIES, "hms-ach-notifications"),
}


def grants() -> tuple[Grant, ...]:
    """Every grant, party by party. The operator is the one party that may create topics and read everything."""
    return tuple(_all())


def _all() -> Iterator[Grant]:
    yield from _topics("credit", WRITE, topics.PAYMENTS)
    yield from _topics("credit", READ, topics.DECISIONS)
    yield Grant("credit", "group", "credit-", READ, prefixed=True)
    yield from _topics("bank", WRITE, topics.SETTLEMENTS)
    yield from _topics("bank", READ, topics.ENTRIES)
    yield Grant("bank", "group", "bank-", READ, prefixed=True)
    yield from _topics("risk", READ, topics.ALERTS)
    yield Grant("risk", "group", "risk-", READ, prefixed=True)
    yield from _topics("finance", READ, topics.EXCEPTIONS)
    yield Grant("finance", "group", "finance-", READ, prefixed=True)
    yield from _worker()
    yield from _topics("windows", READ, topics.HOSPITALS, topics.WINDOWS)
    yield from _topics("windows", WRITE, topics.OPERATIONS, topics.WINDOWS)
    for group in ("hms-ach.windows", topics.WINDOWS):
        yield Grant("windows", "group", group, READ, prefixed=True)
    for party in ("sink", "api"):
        yield from _topics(party, READ, topics.JOURNAL)
        yield from _topics(party, READ, topics.WEBHOOK_DELIVERIES, topics.NOTIFICATION_DELIVERIES)
        yield Grant(party, "group", "hms-sink-", READ, prefixed=True)
    yield from _topics("api", WRITE, topics.PAYMENTS, topics.OPERATIONS, topics.CLOCK, topics.WEBHOOK_DELIVERIES, topics.SUBJECT_KEYS)
    yield from _topics("api", READ, *topics.PUBLIC, *_KEYS)
    yield Grant("api", "group", topics.POSTER, ("Describe",))
    yield Grant("api", "group", "hms-", READ, prefixed=True)
    yield from _rail()
    for party, (outbox, log, group) in _OUTBOXES.items():
        yield from _topics(party, READ, outbox, log)
        yield from _topics(party, WRITE, log)
        yield Grant(party, "group", group, READ, prefixed=True)
    yield from _topics("notifications", READ, topics.SUBJECT_KEYS)
    for party in ("worker", "rail", "notifications"):
        yield Grant(party, "group", _KEYS_READER, READ)
    yield Grant("operator", "topic", "*", ("Create", "Read", "Write", "Describe", "DescribeConfigs"))
    yield Grant("operator", "group", "*", READ)
    yield Grant("operator", "transactional-id", "hms-", ("Write", "Describe"), prefixed=True)


def _worker() -> Iterator[Grant]:
    yield from _topics("worker", READ, *topics.INPUTS, topics.JOURNAL, topics.ACCOUNTS, topics.HOUSE_KEYS)
    yield from _topics(
        "worker", WRITE, topics.JOURNAL, topics.ACCOUNTS, topics.CLOCK, topics.DEAD_LETTERS, topics.HOSPITALS, *topics.PUBLIC
    )
    yield Grant("worker", "group", topics.POSTER, READ, prefixed=True)
    yield Grant("worker", "transactional-id", topics.POSTER, WRITE, prefixed=True)


def _rail() -> Iterator[Grant]:
    yield from _topics("rail", READ, topics.ENTRIES, topics.DECISIONS, topics.FILES, *_KEYS)
    yield from _topics(
        "rail", WRITE, topics.FILES, topics.SETTLEMENTS, topics.ALERTS, topics.CLOCK, topics.DEAD_LETTERS, topics.SUBJECT_KEYS
    )
    yield Grant("rail", "group", "hms-ach-", READ, prefixed=True)


def _topics(party: str, operations: tuple[str, ...], *names: str) -> Iterator[Grant]:
    for name in names:
        yield Grant(party, "topic", name, operations)


def commands(granted: Iterable[Grant], prefix: str) -> Iterator[str]:
    """The grants as lines for Kafka's own `kafka-acls.sh`; a party's principal is the prefix and its name."""
    for grant in granted:
        operations = " ".join(f"--operation {operation}" for operation in grant.operations)
        pattern = " --resource-pattern-type prefixed" if grant.prefixed else ""
        yield f"--add --allow-principal {prefix}{grant.party} {operations} --{grant.resource} '{grant.name}'{pattern}"
