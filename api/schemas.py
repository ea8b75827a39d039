"""Events as JSON Schema 2020-12, made of the classes that decode them."""

from collections.abc import Mapping
from typing import Any, Final, get_args

import msgspec

from api import public_events as public
from journal import topics
from ledger import events
from ledger.money import Cents
from sinks.ach import filecut
from sinks.outbox import events as deliveries

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
AMOUNT: Final = {
    "type": "string",
    "pattern": r"^(0|[1-9][0-9]{0,12})\.[0-9]{2}$",
    "description": "Dollars: a decimal string with exactly two places.",
}

_PAYMENTS: Final = (
    events.PaymentInitiated,
    events.PaymentCanceled,
    events.BalanceOpened,
    events.PlanOpened,
    events.ConsentChanged,
    events.MandateGranted,
    events.MandateRevoked,
)
_BANK: Final = (
    events.PaymentSubmitted,
    events.PaymentSettled,
    events.PaymentReturned,
    events.PaymentFailed,
    *get_args(events.DepositEvent),
    *get_args(events.DisputeEvent),
)

RECEIVED: Final[Mapping[str, tuple[type, ...]]] = {
    topics.PAYMENTS: _PAYMENTS,
    topics.SETTLEMENTS: _BANK,
    topics.OPERATIONS: (events.PaymentReviewed, events.WindowExceeded, *get_args(events.PeopleEvent), *get_args(events.SubjectEvent)),
    topics.CLOCK: get_args(events.ClockEvent),
}
"""Input topics and the events that belong on them."""
SENT: Final[Mapping[str, tuple[type, ...]]] = {
    topics.DECISIONS: (
        public.PaymentStatusChanged,
        public.BillingCreditApplied,
        public.BillingCharged,
        public.BillingChargeWaived,
        public.BillingPlanRecast,
    ),
    topics.ALERTS: (public.AlertRaised,),
    topics.EXCEPTIONS: (public.ExceptionOpened, public.ExceptionClosed),
    topics.WEBHOOKS: (public.WebhookDue,),
    topics.NOTIFICATIONS: (public.NotificationDue, public.ConsentRecorded),
    topics.ENTRIES: (public.AchEntryDue,),
}
"""Public topics and the events that we write to them."""

KEPT: Final[Mapping[str, tuple[type, ...]]] = {
    topics.FILES: get_args(filecut.FileEvent),
    topics.WEBHOOK_DELIVERIES: get_args(deliveries.LogEvent),
    topics.NOTIFICATION_DELIVERIES: (deliveries.DeliveryAttempted,),
}
"""Topics that a sink keeps its own state on, for others to read."""

assert tuple(RECEIVED) == topics.INPUTS
assert tuple(SENT) == topics.PUBLIC


def type_of(event: type) -> str:
    """The CloudEvents type of an event class."""
    return str(event.__struct_config__.tag)  # type: ignore[attr-defined]


def event_schemas() -> dict[str, dict[str, Any]]:
    """The schema of every event, by type; each is a document of its own."""
    found = {}
    for event in (event for group in (*RECEIVED.values(), *SENT.values(), *KEPT.values()) for event in group):
        (reference,), definitions = components((event,), "#/$defs/{name}")
        root = definitions.pop(event.__name__)
        assert reference == {"$ref": f"#/$defs/{event.__name__}"}
        found[type_of(event)] = {
            "$schema": DIALECT,
            "$id": f"urn:hms-ach:event:{type_of(event)}",
            **root,
            **({"$defs": definitions} if definitions else {}),
        }
    return found


def components(kinds: tuple[type, ...], reference: str) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    """References to these classes, and the definitions that they need, by name."""
    return msgspec.json.schema_components(kinds, schema_hook=_hook, ref_template=reference)


def _hook(kind: type) -> dict[str, Any]:
    if kind is Cents:
        return dict(AMOUNT)
    raise NotImplementedError(kind)
