"""The whole chain of one payment: every event that touched it, and everything that each of them brought about."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from api.models.common import Answer, Instant, Links, Money, Proof, StatusCode
from api.models.deliveries import Attempt
from api.models.payment import Rule
from ledger.account import Status


class Source(Answer):
    """Where an input event lies in Kafka. Ticks are events too."""

    topic: str
    partition: int
    offset: int
    event_id: str
    type: str
    at: Instant


class Effect(Answer):
    """What all effects have: the derived id (also the CloudEvents id of what was published) and the place in the journal."""

    id: str
    sequence: int


class Decision(Effect):
    """A rule book or a person decided."""

    status: Status
    policy: str
    score: int
    rules: list[Rule]
    explanation: str
    reason: Annotated[str, Field(description="Why it is held whatever the rules say: ROLLOUT_ and the hospital's phase.")] = ""
    reviewer: str


class Move(Effect):
    """The status changed by the bank, the client or the clock."""

    status: Status
    error_code: str
    reason: str
    date: dt.date | None
    trace_number: str
    file_id: str
    due_at: Instant | None


class Posting(Effect):
    """One double-entry posting."""

    debit: str
    credit: str
    amount: Money
    memo: str


class Match(Effect):
    """Money was allocated to a balance, or taken back from it."""

    kind: Literal["matched", "unmatched"]
    balance_id: str
    amount: Money
    rule: str
    evidence: list[str]
    score: int
    reason: str


class Suspense(Effect):
    """Money went to suspense, or out of it (negative)."""

    amount: Money
    reason: str


class ExceptionChange(Effect):
    """Something needs a person, has one, waits, is late, or no longer needs one."""

    exception_id: str
    change: Literal["opened", "assigned", "snoozed", "overdue", "closed"]
    code: str
    severity: str
    amount: Money
    detail: Annotated[str, Field(description="Of what it is about, how it was closed, or who has it.")]


class Alert(Effect):
    """Risk teams were told."""

    alert: str
    severity: str
    rule: str
    policy: str
    explanation: str


class Delivery(Effect):
    """Something was due to go out: a webhook, a notification, an ACH entry, a message to the hospital's billing system."""

    kind: Literal["webhook", "notification", "ach_entry", "billing"]
    topic: Annotated[str, Field(description="Topic it was published on, under this effect's id.")]
    amount: Money
    detail: Annotated[dict[str, str | int], Field(description="What is special to its kind.")]
    due_at: Instant | None
    attempts: Annotated[tuple[Attempt, ...], Field(description="Of webhooks and messages to patients, oldest first.")] = ()


class Retry(Effect):
    """A returned debit is to be presented again."""

    attempt: int
    at: Instant | None


class Charge(Effect):
    """A fee that this payment bears, as a balance of its own."""

    balance_id: str
    component: str
    name: str
    parent_id: str
    amount: Money
    explanation: str
    policy: str


class Step(Answer):
    """One input event and its effects on this payment."""

    source: Source
    posted_at: Instant
    outcome: Literal["posted", "refused", "dead"]
    refusal: str = ""
    detail: str = ""
    decisions: tuple[Decision, ...] = ()
    moves: tuple[Move, ...] = ()
    postings: tuple[Posting, ...] = ()
    matches: tuple[Match, ...] = ()
    charges: tuple[Charge, ...] = ()
    suspense: tuple[Suspense, ...] = ()
    retries: tuple[Retry, ...] = ()
    exceptions: tuple[ExceptionChange, ...] = ()
    alerts: tuple[Alert, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


class TraceAnswer(Answer):
    """From the request to the last webhook, with the proof that the journal holds it."""

    transaction_id: str
    credit_reference: str
    status: Status
    status_code: StatusCode
    trace_numbers: list[str]
    file_ids: list[str]
    steps: list[Step]
    proof: Annotated[list[Proof], Field(description="The journal records that hold these steps.")]
    links: Links
