"""Lists: exceptions, alerts, and the rule books in force."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from api.models.common import Answer, Instant, Money

Severity = Literal["low", "medium", "high", "critical"]


class Candidate(Answer):
    """Balances that money may be for, and how much speaks for them, out of 100."""

    balance_ids: list[str]
    score: int


class ExceptionItem(Answer):
    """Something that needs a person, or needed one."""

    exception_id: str
    state: Literal["open", "closed"]
    code: str
    severity: str
    about: Annotated[str, Field(description="The transaction, deposit or account that it speaks of.")]
    credit_reference: str
    hospital_id: str
    amount: Money
    detail: str
    opened_at: Instant
    business_date: dt.date
    closed_at: Instant | None
    how: Annotated[str, Field(description="How it was closed.")]
    closed_by: Annotated[str, Field(description="The person whose act closed it; empty when its cause went away by itself.")]
    due_at: Annotated[Instant | None, Field(description="By when it is to be closed.")]
    overdue: Literal["", "overdue", "escalated"]
    owner: Annotated[str, Field(description="Who has it; empty for nobody.")]
    snoozed_until: Instant | None
    suggested_action: str
    candidates: Annotated[list[Candidate], Field(description="Balances that the money may be for, best first.")]


class ExceptionPage(Answer):
    """A page of exceptions, newest first."""

    exceptions: list[ExceptionItem]
    next: str | None


class AlertItem(Answer):
    """What risk teams were told."""

    alert_id: Annotated[str, Field(description="CloudEvents id of the same alert on the topic risk.alerts.v1.")]
    alert: str
    severity: str
    about: str
    credit_reference: str
    hospital_id: str
    amount: Money
    explanation: str
    rule: str
    policy: str
    route: Annotated[list[str], Field(description="Who gets it, by the rule book.")]
    raised_at: Instant
    business_date: dt.date
    trace: str
    topic: Annotated[str, Field(description="Where the event that raised it lies, as it came.")]
    partition: int
    offset: int


class AlertGroup(Answer):
    """Alerts of one rule about one hospital within one hour: one thing to look at, however many they are."""

    hour: Annotated[Instant, Field(description="Its beginning.")]
    alert: str
    rule: str
    severity: str
    hospital_id: str
    alerts: int
    first_at: Instant
    last_at: Instant
    amount: Annotated[Money, Field(description="What they speak of, added up.")]
    latest: Annotated[str, Field(description="What the latest one is about.")]
    trace: str


class AlertGroups(Answer):
    """The latest hours first, within an hour the largest group. Every alert is in `/api/v1/alerts` and on the topic risk.alerts.v1."""

    groups: list[AlertGroup]
    more: Annotated[bool, Field(description="Whether there are older or smaller ones than these.")]


class AlertPage(Answer):
    """A page of alerts, newest first."""

    alerts: list[AlertItem]
    next: str | None


class RulesInForce(Answer):
    """The rule book that one partition decides by."""

    partition: int
    version: str
    since: Annotated[Instant | None, Field(description="Null for the book that ships.")]
    activated_by: str


class RulesAnswer(Answer):
    """Which rule book is in force. A change reaches each partition at its own place in the stream: for a moment there are two."""

    versions: list[str]
    partitions: list[RulesInForce]
