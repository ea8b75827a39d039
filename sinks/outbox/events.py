"""The delivery log: CloudEvents that say what was tried and what came of it, and what people asked for.

The log is the sink's memory as well: what is not in it has not happened, and a restart folds it.
"""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID, uuid5

import msgspec
from msgspec import Meta, Struct

DELIVERED: Final = "delivered"
FAILED: Final = "failed"
"""tried in vain; `next_at` says when it is tried again"""
EXHAUSTED: Final = "exhausted"
"""the last try failed: given up, until somebody asks for a replay"""
GONE: Final = "gone"
"""the receiver has said that it wants nothing any more; everything waits until somebody says otherwise"""
UNDELIVERABLE: Final = "undeliverable"
"""it can never be sent as it is; `reason` says why"""
SUPPRESSED: Final = "suppressed"
"""it must not be sent, or not again; `reason` says why"""
OUTCOMES: Final = (DELIVERED, FAILED, EXHAUSTED, GONE, UNDELIVERABLE, SUPPRESSED)
FINAL: Final = frozenset({DELIVERED, EXHAUSTED, UNDELIVERABLE, SUPPRESSED})
"""Outcomes after which a message is no longer due."""

_NAMESPACE = UUID("7f6f2d0e-3f0d-5d55-9c1b-5a1d6a0c4b7e")

Instant = Annotated[datetime, Meta(tz=True)]
Outcome = Literal["delivered", "failed", "exhausted", "gone", "undeliverable", "suppressed"]


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt, or the decision to make none. It never holds what was sent or answered: that may be personal."""

    credit_reference: str
    delivery_id: str
    """id of the event in the outbox; of a webhook, the webhook-id"""
    transaction_id: str
    partition: int
    offset: int
    """where it stands in the outbox"""
    number: int
    """which attempt, from 1; of a replay from 1 again; 0 when none was made"""
    outcome: Outcome
    status: int = 0
    """HTTP or SMTP status; 0 when there was no answer"""
    reason: str = ""
    duration_ms: int = 0
    next_at: Instant | None = None
    endpoint: str = ""
    """who it was sent to: of a webhook, scheme, host and port; of a notification, the provider"""
    channel: str = "webhook"
    template: str = ""
    patient_id: str = ""
    replay: str = ""
    """the request that it was repeated for"""


class ReplayWish(Struct, frozen=True, kw_only=True):
    """Somebody wants sent again what was tried in a half-open range of time. Ids stay: a receiver drops what it has."""

    since: Instant
    until: Instant
    credit_reference: str = ""
    """only this account's; empty for all"""
    undelivered_only: bool = False
    """only what was given up"""
    requested_by: str = ""


class ReplayEnd(Struct, frozen=True, kw_only=True):
    """One partition's share of a replay has been sent, or given up again."""

    request: str
    partition: int
    deliveries: int


class EnableWish(Struct, frozen=True, kw_only=True):
    """The receiver wants webhooks again after it had answered 410."""

    requested_by: str = ""


class Logged(Struct, frozen=True, kw_only=True, tag_field="type"):
    """CloudEvents attributes."""

    id: str
    time: Instant
    source: str
    specversion: Literal["1.0"] = "1.0"
    subject: str = ""
    datacontenttype: Literal["application/json"] = "application/json"


class DeliveryAttempted(Logged, frozen=True, kw_only=True, tag="delivery.attempted.v1"):
    data: Attempt


class ReplayRequested(Logged, frozen=True, kw_only=True, tag="delivery.replay_requested.v1"):
    data: ReplayWish


class ReplayEnded(Logged, frozen=True, kw_only=True, tag="delivery.replay_ended.v1"):
    data: ReplayEnd


class EndpointEnabled(Logged, frozen=True, kw_only=True, tag="delivery.endpoint_enabled.v1"):
    data: EnableWish


LogEvent = DeliveryAttempted | ReplayRequested | ReplayEnded | EndpointEnabled

ATTEMPT_MARK: Final = b'"type":"delivery.attempted.v1"'
"""Stands in each attempt as we write it: a reader that wants the rest need not decode those."""

_decoder: msgspec.json.Decoder[LogEvent] = msgspec.json.Decoder(LogEvent)
encode = msgspec.json.Encoder().encode


def decode(value: bytes) -> LogEvent:
    """The event in a message of the log. Raises msgspec.MsgspecError."""
    return _decoder.decode(value)


def derived(*parts: object) -> str:
    """The identifier (UUIDv5) of these parts; the same parts always have the same one."""
    return str(uuid5(_NAMESPACE, "|".join(map(str, parts))))
