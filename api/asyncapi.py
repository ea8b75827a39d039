"""The AsyncAPI 3 document: which topics there are, who writes what to them, and how it looks."""

from typing import Any, Final

from api.schemas import KEPT, RECEIVED, SENT, components, type_of
from api.version import VERSION

_JSON: Final = "application/cloudevents+json"
_SAYS: Final = {
    "credit.payments.v1": "What CREDIT asks for and tells: payments, balances, plans, consents, mandates.",
    "bank.settlements.v1": "What the bank tells: entries and what became of them; disputes; notices of change; deposits and their advices.",
    "hms.operations.v1": "What people decide.",
    "hms.clock.v1": "The clock and rule books, to every partition by number.",
    "payments.decisions.v1": "Every change of a payment's status, and credits applied at hospitals.",
    "risk.alerts.v1": "What risk teams should know.",
    "reconciliation.exceptions.v1": "What needs a person, and what no longer does.",
    "outbox.webhooks.v1": "Webhooks to CREDIT that are due.",
    "outbox.notifications.v1": "Messages to patients that are due, consent checked; and consents, so that one withdrawn later stops them.",
    "outbox.ach-entries.v1": "ACH entries that are due.",
    "webhooks.deliveries.v1": "What became of each webhook, attempt by attempt, and what people asked for: replays, going on after a 410.",
    "notifications.deliveries.v1": "What became of each message to a patient, one partition; neither addresses nor texts.",
    "ach.files.v1": "The ACH rail's log, one partition: cuts, a chain by hash, from which files are made; what was sent and asked for.",
}


def asyncapi() -> dict[str, Any]:
    """The document. Public topics are written in Kafka transactions: read them with `isolation.level=read_committed`."""
    kinds = tuple(event for group in (*RECEIVED.values(), *SENT.values(), *KEPT.values()) for event in group)
    names = _names(kinds)
    channels, operations = {}, {}
    for topics, action in ((RECEIVED, "receive"), (SENT, "send"), (KEPT, "send")):
        for topic, events in topics.items():
            channels[topic] = {
                "address": topic,
                "description": _SAYS[topic],
                "messages": {names[event]: {"$ref": f"#/components/messages/{names[event]}"} for event in events},
            }
            operations[f"{action}-{topic}"] = {
                "action": action,
                "channel": {"$ref": f"#/channels/{topic}"},
                "messages": [{"$ref": f"#/channels/{topic}/messages/{names[event]}"} for event in events],
            }
    schemas: dict[str, Any] = {}
    for events in (*RECEIVED.values(), *SENT.values(), *KEPT.values()):
        for event in events:
            schemas |= _schemas(event, names)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "HMS-ACH events",
            "version": VERSION,
            "description": "CloudEvents 1.0 in structured JSON. The key of a message is `data.credit_reference`, placed by the murmur2 "
            "partitioner (`murmur2_random`); ticks and rule books go to every partition by number. Input topics carry the broker's append "
            "time. Public topics are written in transactions: read them with isolation.level=read_committed; an id seen again is a repeat.",
        },
        "defaultContentType": _JSON,
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {
                names[event]: {
                    "name": names[event],
                    "title": event.__name__,
                    "contentType": _JSON,
                    "payload": {"$ref": f"#/components/schemas/{names[event]}"},
                    "bindings": {"kafka": {"key": {"type": "string", "description": "The credit reference, or `clock`."}}},
                }
                for event in kinds
            },
            "schemas": schemas,
        },
    }


def _names(kinds: tuple[type, ...]) -> dict[type, str]:
    return {event: type_of(event) for event in kinds}


def _schemas(event: type, names: dict[type, str]) -> dict[str, Any]:
    """Schemas of one event: itself under its type, what it needs under its type and the class's name."""
    prefix = names[event]
    _, definitions = components((event,), f"#/components/schemas/{prefix}.{{name}}")
    root = definitions.pop(event.__name__)
    return {prefix: root, **{f"{prefix}.{name}": schema for name, schema in definitions.items()}}
